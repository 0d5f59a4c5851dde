"""What evidence costs behind the write path: a log of so many events, sealed by the notifier's own sealer."""

import time
from dataclasses import dataclass
from uuid import UUID

from genjin.log.append import append
from genjin.postgres import create_pool
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.sealer import Sealer
from tests.databases import Database
from tests.evidence.sealed_log import notifier_settings
from tests.log.log import command

EVENTS_PER_APPEND = 100
_SEALED = "SELECT max(size) FROM genjin.signed_checkpoint WHERE workspace_id = $1"


@dataclass(frozen=True, slots=True)
class Sealing:
    """Seconds on the clock, and of this process' processor alone (Postgres' own work is not in them)."""

    events: int
    seconds: float
    processor_seconds: float

    @property
    def processor_microseconds_per_event(self) -> float:
        return self.processor_seconds / self.events * 1e6


async def append_events(database: Database, workspace_id: UUID, events: int, text: str) -> None:
    """text makes the body as long as it is wanted."""
    pool = await create_pool(database.api_url, "genjin_api", 2)
    for number in range(0, events, EVENTS_PER_APPEND):
        texts = [text] * min(EVENTS_PER_APPEND, events - number)
        await append(pool, workspace_id, [command(f"stream-{number}", 0, *texts)])
    await pool.close()


async def seal_events(database: Database, workspace_id: UUID) -> Sealing:
    """Everything that is not sealed yet, checkpoint by checkpoint."""
    pool = await create_pool(database.notifier_url, "genjin_notifier", 2)
    before = await pool.fetchval(_SEALED, workspace_id) or 0
    sealer = Sealer(notifier_settings(database), pool, LatestCheckpoints())
    started, worked = time.perf_counter(), time.process_time()
    sealed = before
    while True:
        await sealer.seal(workspace_id)
        now = await pool.fetchval(_SEALED, workspace_id) or 0
        if now == sealed:
            break
        sealed = now
    seconds, processor_seconds = time.perf_counter() - started, time.process_time() - worked
    await pool.close()
    return Sealing(sealed - before, seconds, processor_seconds)
