"""Warnings page by page, and how those that wait for a person are found."""

import re
from uuid import UUID, uuid4

import asyncpg

from genjin_api.warnings import projection
from tests.engaged import code, engaged, identifier, link, risk_of
from tests.http.test_pages import walk
from tests.pursuit import Pursuit
from tests.world import World

# 3000 warnings that wait for one of as many people each.
_MANY = """
INSERT INTO genjin.warning (workspace_id, project_id, id, waiting, body)
SELECT $1, gen_random_uuid(), gen_random_uuid(), ARRAY[gen_random_uuid()], '{}' FROM generate_series(1, 3000)
"""


async def test_warnings_are_read_page_by_page_while_more_are_given(world: World) -> None:
    both = await engaged(world)
    second = Pursuit(world, await world.project(code()))
    await link(both.engagement, second)
    risk = await risk_of(second, "dept_head")
    body = {"project_id": identifier(second), "risk_id": risk, "note": "同一客户"}
    await both.engagement.post(f"risks/{both.cause}/links", body)
    for _ in range(3):
        await both.occur()
    before = [one["id"] for one in await both.project.items("warnings")]
    version = (await both.project.card())["version"]

    async def ids(path: str, **query: str) -> list[str]:
        found = await walk(world.dept_head, path, both.occur, limit=1, **query)
        return [one["id"] for one in found]

    path = f"{both.project.path}/warnings"
    assert await ids(path) == before == sorted(before, reverse=True)
    assert await ids(path, as_of=version) == before
    waiting = await walk(world.dept_head, "/v1/me/warnings", limit=2)
    places = [(one["warning"]["id"], one["project_id"]) for one in waiting]
    assert places == sorted(places)
    everything = {
        (one["id"], identifier(project))
        for project in (both.project, second)
        for one in await project.items("warnings", limit=200)
    }
    assert set(places) == everything and len(places) > 2 * len(before)


async def test_what_waits_for_a_person_is_found_by_an_index(world: World) -> None:
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        transaction = owner.transaction()
        await transaction.start()
        workspace = UUID(world.workspace_id)
        await owner.execute(_MANY, workspace)
        await owner.execute("ANALYZE genjin.warning")
        asked = workspace, uuid4(), None, None, 51
        plan = await owner.fetchval(f"EXPLAIN (FORMAT JSON) {projection.WAITING}", *asked)
        assert "warning_waiting" in set(re.findall(r'"Index Name": "(\w+)"', plan)), plan
        await transaction.rollback()
    finally:
        await owner.close()
