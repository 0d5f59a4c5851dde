"""What evidence costs behind the write path: logs sealed by the notifier's own sealer, checkpoint by checkpoint."""

from uuid import UUID

from genjin.postgres import create_pool
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.log_sealer import EVENTS_MAX
from genjin_notifier.sealer import Sealer
from tests.bench.ground import Ground
from tests.bench.made_log.writing import make_log
from tests.bench.row import Row
from tests.bench.stopwatch import Stopwatch, Taken
from tests.databases import Database
from tests.evidence.sealed_log import notifier_settings

_SEALED = "SELECT max(size) FROM genjin.signed_checkpoint WHERE workspace_id = $1"


async def measure(ground: Ground) -> list[Row]:
    """A log for each round: what is sealed is not sealed again."""
    ground.say("sealing")
    database, events = await ground.database(), ground.effort.sealed_events
    taken = []
    for number in range(ground.effort.rounds):
        log = await make_log(database.admin_url, events, seed=number)
        taken.append((log.events, await _seal(database, log.workspace_id, log.events)))
    events, cheapest = min(taken, key=lambda one: one[1].processor_seconds)
    return [
        Row(
            what=f"sealing a log of {events:,} events behind the appends",
            unit="events/s",
            ours=[events / one.seconds for events, one in taken],
            note=f"{cheapest.note(events)} in the best round",
        )
    ]


async def _seal(database: Database, workspace_id: UUID, events: int) -> Taken:
    """Everything, until the last checkpoint is of the log's last event."""
    pool = await create_pool(database.notifier_url, "genjin_notifier", 2)
    try:
        sealer = Sealer(notifier_settings(database), pool, LatestCheckpoints())
        watch = Stopwatch()
        for _ in range(2 * events // EVENTS_MAX + 2):
            await sealer.seal(workspace_id)
            if await pool.fetchval(_SEALED, workspace_id) == events:
                return watch.read()
        raise RuntimeError("the sealer of the bench did not come to the end of its log")
    finally:
        await pool.close()
