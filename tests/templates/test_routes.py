"""Process templates over HTTP."""

from collections.abc import AsyncIterator

import pytest

from genjin.templates.catalog import latest, shipped
from tests.api_process import ApiProcess
from tests.http.asserting import assert_problem
from tests.world import World, make_world


@pytest.fixture(scope="module")
async def world(api: ApiProcess) -> AsyncIterator[World]:
    """One workspace for all of these tests."""
    async with make_world(api) as made:
        yield made


async def test_every_template_that_is_shipped_is_listed_with_its_source(world: World) -> None:
    items = (await world.marketer.get("/v1/templates")).json()["items"]
    assert {(item["key"], item["version"]) for item in items} == set(shipped())
    assert all(item["title"]["zh"] and item["source"] and item["stages"] for item in items)


async def test_a_template_is_shown_whole_and_its_version_is_the_same(world: World) -> None:
    known = latest("pursuit.8")
    newest = await world.auditor.get("/v1/templates/pursuit.8")
    assert [stage["key"] for stage in newest.json()["stages"]] == [
        stage.key for stage in known.stages
    ]
    one = await world.auditor.get(f"/v1/templates/pursuit.8/versions/{known.version}")
    assert (one.content, one.headers["etag"]) == (newest.content, newest.headers["etag"])
    [listed] = [
        item
        for item in (await world.auditor.get("/v1/templates")).json()["items"]
        if item["key"] == "pursuit.8" and item["version"] == known.version
    ]
    assert listed["body_hash"].startswith(one.headers["etag"].strip('"'))


@pytest.mark.parametrize(
    "path", ["nothing", "pursuit.8/versions/999", "pursuit.8/versions/0", "nothing/versions/1"]
)
async def test_a_template_that_is_not_there_is_not_found(world: World, path: str) -> None:
    assert_problem(await world.marketer.get(f"/v1/templates/{path}"), 404, "not_found")


async def test_a_project_keeps_the_version_that_it_was_made_with(world: World) -> None:
    body = {"code": "XM-T", "template_version": 1, "header": {"name": "x"}}
    made = await world.marketer.post("/v1/projects", body)
    assert made.json()["project"]["template"] == {"key": "pursuit.8", "version": 1}
    for wrong in ({"template": "nothing"}, {"template_version": 999}):
        answer = await world.marketer.post("/v1/projects", body | {"code": "XM-U"} | wrong)
        assert_problem(answer, 422, "field_invalid", "/template")
