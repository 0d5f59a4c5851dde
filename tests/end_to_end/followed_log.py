"""A log that is written all the time, whatever befalls the notifier and Postgres, with a witness who looks on."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from genjin.history.postings import LARGE, SMALL
from genjin.log.wakeup import CHANNEL
from genjin.postgres import DATABASE_ERRORS, create_pool
from genjin_api.app import open_services
from genjin_api.installation import create_workspace
from tests.databases import Database
from tests.history.lived import Chance, Lived
from tests.notifier.receiver import until
from tests.world import api_settings

SEED = 20260808
WRITE_SECONDS = 0.1
WITNESS_SECONDS = 0.02

_VERSIONS = "SELECT stream, max(version) FROM genjin.event WHERE workspace_id = $1 GROUP BY stream"

_NEWEST = """
SELECT size, note FROM genjin.signed_checkpoint WHERE workspace_id = $1 ORDER BY size DESC LIMIT 1
"""

_END = "SELECT max(last_position) FROM genjin.commit WHERE workspace_id = $1"

# How far the log is sealed, indexed and merged.
_FOLLOWED = """
SELECT (SELECT max(size) FROM genjin.signed_checkpoint WHERE workspace_id = $1) AS sealed,
       (SELECT position FROM genjin.event_tag_reader WHERE workspace_id = $1) AS indexed,
       (SELECT merged_position FROM genjin.event_tag_reader WHERE workspace_id = $1) AS merged
"""


@dataclass
class FollowedLog:
    """witnessed: the checkpoints that somebody outside saw while each was the newest, by their size."""

    database: Database
    pool: asyncpg.Pool
    lived: Lived
    witnessed: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))

    @property
    def workspace_id(self) -> UUID:
        return self.lived.workspace_id

    async def write(self, calls: int = 1) -> None:
        """Some events, and the wake-up that the API sends after them."""
        await self.lived.live(calls)
        await self.pool.execute("SELECT pg_notify($1, $2)", CHANNEL, str(self.workspace_id))

    @asynccontextmanager
    async def written_and_witnessed(self) -> AsyncIterator[None]:
        """Until the block ends."""
        tasks = [asyncio.create_task(each) for each in (self._write_on(), self._witness())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            for task in tasks:
                with suppress(asyncio.CancelledError):
                    await task

    async def _write_on(self) -> None:
        while True:
            try:
                await self.write()
            except DATABASE_ERRORS:
                await until(self._knows_versions)
            await asyncio.sleep(WRITE_SECONDS)

    async def _knows_versions(self) -> bool:
        """Whether an append that got no answer was made, the log says, as soon as it can be asked."""
        try:
            rows = await self.pool.fetch(_VERSIONS, self.workspace_id)
        except DATABASE_ERRORS:
            return False
        self.lived.versions = {row[0]: row[1] for row in rows}
        return True

    async def _witness(self) -> None:
        while True:
            with suppress(*DATABASE_ERRORS):
                if row := await self.pool.fetchrow(_NEWEST, self.workspace_id):
                    self.witnessed[row["size"]].add(row["note"])
            await asyncio.sleep(WITNESS_SECONDS)

    async def has_a_whole_block(self) -> bool:
        """As committed: what was sent last may be lost when Postgres is killed."""
        end = await self.pool.fetchval(_END, self.workspace_id)
        return bool(end >= SMALL.positions)

    async def is_sealed_to_its_end(self) -> bool:
        end = await self.pool.fetchval(_END, self.workspace_id)
        [row] = await self.pool.fetch(_FOLLOWED, self.workspace_id)
        return bool(row["sealed"] == end)

    async def is_followed_to_its_end(self) -> bool:
        """Sealed, and indexed and merged as far as there are whole blocks."""
        end = await self.pool.fetchval(_END, self.workspace_id)
        whole = [end // level.positions * level.positions for level in (SMALL, LARGE)]
        [row] = await self.pool.fetch(_FOLLOWED, self.workspace_id)
        return tuple(row) == (end, *whole)


@asynccontextmanager
async def followed_log(database: Database) -> AsyncIterator[FollowedLog]:
    """That of a new workspace."""
    async with open_services(api_settings(database)) as services:
        made = await create_workspace(services, "测试", "陈建国", "Asia/Shanghai")
    pool = await create_pool(database.api_url, "genjin_api", 4)
    try:
        yield FollowedLog(database, pool, Lived(Chance(SEED), pool, made.caller.workspace_id))
    finally:
        await pool.close()
