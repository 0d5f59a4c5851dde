"""Requirements over HTTP, from their capture to the customer's confirmation."""

from uuid import uuid4

from tests.control import CONFIRMATION, REQUIREMENT, new_requirement
from tests.pursuit import Pursuit, done
from tests.world import World


async def test_a_requirement_is_captured_amended_and_confirmed(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    made = done(await world.marketer.post(f"{pursuit.path}/requirements", REQUIREMENT))
    path = made.headers["location"]
    amendment = {"text": "日处理污水二十五万吨", "priority": "key"}
    amended = done(await world.marketer.patch(path, amendment)).json()
    assert [event["type"] for event in amended["events"]] == [
        "requirement.amended",
        "requirement.prioritised",
    ]
    confirmed = done(await world.marketer.post(f"{path}/confirmations", CONFIRMATION)).json()
    assert confirmed["requirement"]["status"] == "confirmed"
    read = done(await world.dept_head.get(path)).json()
    assert read == confirmed["requirement"]
    assert (read["text"], read["revision"], read["priority"]) == ("日处理污水二十五万吨", 1, "key")
    assert read["confirmation"] == CONFIRMATION


async def test_requirements_are_listed_in_the_order_of_their_capture_and_by_status(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project())
    made = [await new_requirement(pursuit, confirmed=number != 1) for number in range(3)]
    assert [item["id"] for item in await pursuit.items("requirements")] == made
    captured = await pursuit.items("requirements", status="captured")
    assert [item["id"] for item in captured] == [made[1]]
    assert (await pursuit.card())["counts"]["requirements"] == 3


async def test_a_requirement_of_another_project_is_not_found(world: World) -> None:
    mine, other = (
        Pursuit(world, await world.project("XM-1")),
        Pursuit(world, await world.project("XM-2")),
    )
    requirement = await new_requirement(other)
    for identifier in (requirement, uuid4()):
        answer = await world.marketer.get(f"{mine.path}/requirements/{identifier}")
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_field_that_a_requirement_does_not_have_is_refused_by_name(world: World) -> None:
    path = f"{await world.project()}/requirements"
    answer = await world.marketer.post(path, {**REQUIREMENT, "owner": "王芳", "title": ""})
    assert (answer.status_code, answer.json()["code"]) == (422, "validation_failed")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/owner", "/title"}
