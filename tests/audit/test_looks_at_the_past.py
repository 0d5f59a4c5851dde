"""Whoever reads restricted values of the past is recorded: once for each request, before anything is shown."""

from typing import Any

import pytest

from tests.http.asserting import newest_position
from tests.pursuit import Pursuit, done
from tests.subjects.plain import written_before_the_sealing
from tests.subjects.registered import (
    PROFILE,
    REPORT,
    WANG_SAID,
    Registered,
    profile_of,
    register,
    save,
)
from tests.world import Person, World


@pytest.fixture
async def registered(world: World) -> Registered:
    """The newest event is one that anybody may look at."""
    made = await register(world)
    done(await world.marketer.patch(made.first.path, {"header": {"region": "华北"}}))
    return made


async def looks(world: World, type_: str = "audit.disclosed") -> list[dict[str, Any]]:
    answer = done(await world.owner.get("/v1/events", type=type_, limit=200))
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def version_of(pursuit: Pursuit) -> int:
    version: int = (await pursuit.card())["version"]
    return version


@pytest.mark.parametrize("path", ["/forms", f"/forms/{REPORT}", "/state", "/blame"])
async def test_who_works_on_a_project_is_recorded_when_they_look_into_its_past(
    registered: Registered, path: str
) -> None:
    pursuit, marketer = registered.first, registered.world.marketer
    version = await version_of(pursuit)
    answer = done(await marketer.get(f"{pursuit.path}{path}", as_of=version))
    assert WANG_SAID in answer.text
    [look] = await looks(registered.world)
    assert look["actor"]["id"] == marketer.id
    assert look["stream"] == f"audit-{marketer.id}"
    assert look["data"]["version"] == version
    assert REPORT in look["data"]["forms"]
    assert look["data"]["subjects"].keys() >= {registered.wang, registered.li}
    assert WANG_SAID not in str(look)


async def test_what_was_a_moment_ago_is_the_past_already(
    registered: Registered,
) -> None:
    pursuit, marketer = registered.first, registered.world.marketer
    position = await newest_position(registered.world)
    newest = (await pursuit.items("events", order="desc", limit=1))[0]
    for point in (f"@{position}", newest["recorded_at"]):
        done(await marketer.get(f"{pursuit.path}/state", as_of=point))
    assert len(await looks(registered.world)) == 2


@pytest.mark.parametrize("path", ["/forms", f"/forms/{REPORT}", "/state"])
async def test_who_works_on_a_project_is_not_recorded_when_they_look_at_it_as_it_is(
    registered: Registered, path: str
) -> None:
    pursuit = registered.first
    head = await newest_position(registered.world)
    assert WANG_SAID in done(await registered.world.marketer.get(f"{pursuit.path}{path}")).text
    assert await newest_position(registered.world) == head


async def test_what_shows_nothing_restricted_leaves_no_trace(registered: Registered) -> None:
    pursuit, world = registered.first, registered.world
    version = await version_of(pursuit)
    head = await newest_position(world)
    done(await world.marketer.get(f"{pursuit.path}/forms", as_of=2))
    done(await world.marketer.get(f"{pursuit.path}/stages", as_of=version))
    done(await world.marketer.get(f"{pursuit.path}/blame", path="/header", as_of=version))
    done(await world.marketer.get(f"{pursuit.path}/diff", **{"from": version, "to": version}))
    assert await newest_position(world) == head


async def test_who_is_shown_nothing_in_the_clear_leaves_no_trace(registered: Registered) -> None:
    pursuit, world = registered.first, registered.world
    version = await version_of(pursuit)
    head = await newest_position(world)
    for path in ("/forms", "/state", "/blame"):
        done(await world.outsider.get(f"{pursuit.path}{path}", as_of=version))
    done(await world.outsider.get(f"{pursuit.path}/diff"))
    assert await newest_position(world) == head


@pytest.mark.parametrize("reader", ["marketer", "auditor"])
async def test_a_difference_is_one_look_that_names_both_states(
    registered: Registered, reader: str
) -> None:
    pursuit, world = registered.first, registered.world
    before = await version_of(pursuit)
    subjects = {registered.wang: ["/preferences"]}
    await save(pursuit, PROFILE, values=profile_of("爱下围棋"), reason="更正", subjects=subjects)
    person: Person = getattr(world, reader)
    answer = done(await person.get(f"{pursuit.path}/diff", **{"from": before}))
    assert WANG_SAID in answer.text
    assert "爱下围棋" in answer.text
    [look] = await looks(world)
    data = look["data"]
    assert look["actor"]["id"] == person.id
    assert (data["from_version"], data["version"]) == (before, await version_of(pursuit))
    assert data["forms"] == [PROFILE]
    assert data["subjects"][registered.wang] == 2


async def test_a_page_of_blame_is_one_look_however_many_fields_it_shows(
    registered: Registered,
) -> None:
    pursuit, world = registered.first, registered.world
    page = done(await world.marketer.get(f"{pursuit.path}/blame", path="/forms", limit=200)).json()
    assert len(page["items"]) > 20
    [look] = await looks(world)
    assert set(look["data"]["forms"]) == {REPORT, PROFILE}


async def test_who_reads_the_events_of_restricted_forms_is_recorded(
    registered: Registered,
) -> None:
    """Of a project that they work on, too."""
    pursuit, world = registered.first, registered.world
    page = done(await world.marketer.get(f"{pursuit.path}/events", type="form.*", limit=200)).json()
    [look] = await looks(world, "audit.read")
    assert look["actor"]["id"] == world.marketer.id
    assert look["data"]["restricted_events"] == len(page["items"]) == 2
    one = page["items"][0]["id"]
    done(await world.marketer.get(f"/v1/events/{one}"))
    assert [look["data"]["phrase"] for look in await looks(world, "audit.read")][1:] == [
        f"id:{one}"
    ]


@pytest.mark.parametrize("path", ["/forms", f"/forms/{REPORT}", "/state", "/blame", "/diff"])
@pytest.mark.parametrize("reader", ["marketer", "auditor"])
async def test_values_of_before_the_sealing_are_recorded_as_well(
    world: World, path: str, reader: str
) -> None:
    pursuit = await written_before_the_sealing(world)
    person: Person = getattr(world, reader)
    newest = (await pursuit.items("events", order="desc", limit=1))[0]["version"]
    before = len(await looks(world))
    query = {"to": newest} if path == "/diff" else {"as_of": newest}
    told = done(await person.get(f"{pursuit.path}{path}", **query)).text
    assert WANG_SAID in told
    assert len(await looks(world)) - before == 1


async def test_events_of_before_the_sealing_are_recorded_as_well(world: World) -> None:
    pursuit = await written_before_the_sealing(world)
    told = done(await world.marketer.get(f"{pursuit.path}/events", type="form.*"))
    assert WANG_SAID in told.text
    [look] = await looks(world, "audit.read")
    assert (look["actor"]["id"], look["data"]["restricted_events"]) == (world.marketer.id, 1)
