"""A live stream and an export are readings too: what they show of restricted history is recorded before it is sent."""

from typing import Any

from tests.feed.listening import listening
from tests.http.asserting import newest_position
from tests.pursuit import Pursuit, done
from tests.world import World

RESTRICTED_FORM = "stakeholder_roles"


async def with_a_restricted_form(world: World) -> Pursuit:
    pursuit = Pursuit(world, await world.project())
    async for _ in pursuit.completing(RESTRICTED_FORM):
        pass
    # The newest event is one that anybody may look at.
    done(await world.marketer.patch(pursuit.path, {"header": {"region": "华北"}}))
    return pursuit


async def readings(world: World) -> list[dict[str, Any]]:
    answer = done(await world.owner.get("/v1/events", type="audit.read", limit=200))
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_stream_that_shows_restricted_values_is_recorded(world: World) -> None:
    await with_a_restricted_form(world)
    head = await newest_position(world)
    async with listening(world.auditor, after_position=0, type="form.*") as listener:
        shown = await listener.until(head)
    restricted = [each for each in shown if each.event["data"].get("restricted")]
    assert restricted
    found = await readings(world)
    assert {each["actor"]["id"] for each in found} == {world.auditor.id}
    assert sum(each["data"]["restricted_events"] for each in found) == len(restricted)
    assert {each["data"]["phrase"] for each in found} == {"type:form.*"}


async def test_a_stream_without_restricted_values_leaves_no_trace(world: World) -> None:
    await with_a_restricted_form(world)
    head = await newest_position(world)
    async with listening(world.auditor, after_position=0, type="project.*") as listener:
        await listener.until(head)
    assert await readings(world) == []


async def test_an_export_is_recorded_and_holds_nothing_of_its_own_recording(world: World) -> None:
    await with_a_restricted_form(world)
    head = await newest_position(world)
    lines = done(await world.auditor.get("/v1/events/export")).text.splitlines()
    assert f'"last_position":{head}' in lines[-1]
    found = await readings(world)
    assert [each["position"] for each in found] == [head + 1]
    assert found[0]["data"]["events"] == head
