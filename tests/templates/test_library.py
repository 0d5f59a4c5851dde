"""A workspace's own templates in memory, when its log is cut off and rewritten beneath them."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from genjin.event import stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.postgres import create_pool
from genjin.templates.catalog import template_id
from genjin.templates.events import TemplatePublished
from genjin_api.app import fork_watch
from genjin_api.snapshots import Snapshots
from genjin_api.state_cache import StateCache
from genjin_api.states import States
from genjin_api.streams import State, StreamKind
from genjin_api.templates.library import Library
from tests.databases import Database
from tests.log.restoring import put_back
from tests.specification import MARKETER, MOMENT
from tests.templates.test_model import WHOLE, text

KEY = "delivery.2"


class ForgettingStates(States):
    """The log is forgotten while whoever asked for a state has not seen it yet."""

    async def load(
        self, kind: StreamKind[State], workspace_id: UUID, identifier: UUID
    ) -> State | None:
        state = await super().load(kind, workspace_id, identifier)
        await self.forget(workspace_id)
        return state


class Process:
    """What an API process keeps of templates, and a workspace with one of its own."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self.pool, self.workspace_id = pool, new_id()
        self.stream = stream_of("template", template_id(self.workspace_id, KEY))
        self.restart(States, 2**20)

    def restart(self, states: type[States], cache_bytes: int) -> None:
        self.states = states(self.pool, Snapshots(self.pool), StateCache(cache_bytes))
        self.library = Library(self.pool, self.states)

    async def publish(self, title: str) -> None:
        body: dict[str, Any] = {**WHOLE, "key": KEY, "version": 1, "title": text(title)}
        fact = TemplatePublished(key=KEY, version=1, body=body, body_hash=title)
        event = NewEvent(new_id(), fact, MOMENT.now, [])
        actor = MARKETER.actor(None)
        command = Append(self.stream, 0, actor, "request", "correlation", [event])
        [result] = await append(self.pool, self.workspace_id, [command])
        assert isinstance(result, Appended)

    async def title(self) -> str:
        return (await self.library.version(self.workspace_id, KEY, 1)).title.en


@pytest.fixture
async def process(fresh_database: Database) -> AsyncIterator[Process]:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 3)
    made = Process(pool)
    await made.publish("as it was")
    yield made
    await pool.close()


async def test_a_template_that_is_being_read_when_its_log_is_forgotten_is_not_kept(
    fresh_database: Database, process: Process
) -> None:
    process.restart(ForgettingStates, 2**20)
    assert await process.title() == "as it was"
    await put_back(fresh_database, process.workspace_id, 0, 0)
    await process.publish("as it is")
    assert await process.title() == "as it is"


async def test_a_log_of_which_only_a_template_is_kept_is_looked_at(
    fresh_database: Database, process: Process
) -> None:
    """Its state made room for others."""
    process.restart(States, cache_bytes=1)
    watch = fork_watch(process.pool, process.states, process.library)
    assert await process.title() == "as it was"
    assert process.states.workspaces() == set()
    await watch.look()
    await put_back(fresh_database, process.workspace_id, 0, 0)
    await process.publish("as it is")
    assert await process.title() == "as it was"  # so it is without a look
    await watch.look()
    assert await process.title() == "as it is"
