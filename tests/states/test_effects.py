"""Consequences in other streams, decided in a process that saw an old state of them."""

from dataclasses import replace

from genjin.identifiers import new_id
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged
from genjin_api.acting import Decided, Moment
from genjin_api.action import Consequence, Request
from genjin_api.effects import effects_of
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.databases import Database
from tests.specification import MARKETER, MOMENT
from tests.states.test_snapshots import Stream


async def test_what_has_no_facts_on_an_old_state_is_decided_on_the_newest_before_it_is_left_out(
    fresh_database: Database,
) -> None:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    try:
        stream = Stream(pool)
        await stream.grow(10)
        process = stream.process()
        await process.load()
        await stream.grow(1)  # by another process
        request = Request.without_http(replace(MARKETER, workspace_id=stream.workspace_id))

        async def expected_versions(wanted: int) -> list[int]:
            """Of what happens where the stream has at least so many events."""

            def decide(state: Project | None, moment: Moment) -> Decided:
                happens = state is not None and PROJECT.version(state) >= wanted
                return Decided([HeaderChanged(header={"region": "新区"})] if happens else [])

            each = Consequence(PROJECT, stream.project_id, new_id(), decide)
            effects = await effects_of(process.states, request, [each], MOMENT, certain=False)
            return [effect.command.expected_version for effect in effects]

        assert await expected_versions(10) == [10]  # on an old state: the append finds out
        assert await expected_versions(11) == [11]
        assert await expected_versions(12) == []
    finally:
        await pool.close()
