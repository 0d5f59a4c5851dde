"""A pursuit through all its stages, and every event of it delivered, signed, once and in order."""

from pathlib import Path

from standardwebhooks import Webhook

from tests.end_to_end.conftest import notifier_process
from tests.notifier.receiver import Received, Receiver, until
from tests.pursuit import STAGES, Pursuit, done
from tests.world import World


async def test_every_event_of_a_won_pursuit_arrives_signed_and_in_order(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    secret = await subscribe(world, receiver, ["*"])
    async with notifier_process(world.api.database, tmp_path / "notifier.log"):
        pursuit = Pursuit(world, await world.project())
        await pursuit.advance_to(STAGES[-1])
        await pursuit.open_gate()
        done(await world.marketer.post(f"{pursuit.path}/closings", {"outcome": "won"}))
        history = await whole_history(pursuit)
        project = pursuit.path.rpartition("/")[2]
        await until(lambda: len(receiver.versions(project)) >= len(history))
    told = [each for each in receiver.accepted if each.project == project]
    assert [each.event["id"] for each in told] == [event["id"] for event in history]
    assert [each.version for each in told] == [*range(1, len(history) + 1)]
    assert [each.previous for each in told] == [*range(len(history))]
    for each, event in zip(told, history, strict=True):
        Webhook(secret).verify(each.body, each.headers)
        assert_tells_no_more_than_the_log(each, event)


async def test_a_subscription_hears_only_of_the_types_it_asked_for(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    await subscribe(world, receiver, ["stage.advanced", "requirement.*"])
    async with notifier_process(world.api.database, tmp_path / "notifier.log"):
        pursuit = Pursuit(world, await world.project())
        await pursuit.open_gate()
        await pursuit.advance()
        body = {"title": "在线监测", "text": "出水口须有在线监测", "requested_by": "王工"}
        done(await world.marketer.post(f"{pursuit.path}/requirements", body))
        await until(lambda: len(receiver.accepted) >= 2)
    types = [each.event["type"] for each in receiver.accepted]
    assert types == ["stage.advanced", "requirement.captured"]


async def test_what_is_restricted_stays_inside(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    await subscribe(world, receiver, ["form.*"])
    async with notifier_process(world.api.database, tmp_path / "notifier.log"):
        pursuit = Pursuit(world, await world.project())
        for form in ("initiation_application", "stakeholder_roles"):
            async for _ in pursuit.completing(form):
                pass
        await until(lambda: len(receiver.accepted) >= 4)
    completed = [each for each in receiver.accepted if each.event["type"] == "form.completed"]
    shown = {each.event["data"]["form"]: each.event for each in completed}
    assert shown["initiation_application"]["data"]["values"]
    assert shown["stakeholder_roles"]["data"]["values"] is None
    assert shown["stakeholder_roles"]["changes"] == []


async def test_a_phrase_chooses_among_the_events(
    world: World, receiver: Receiver, tmp_path: Path
) -> None:
    await subscribe(world, receiver, ["project.*"], phrase="path:/header/region -before:null")
    async with notifier_process(world.api.database, tmp_path / "notifier.log"):
        path = await world.project(region="华东")
        for header in ({"department": "一部"}, {"region": "华北"}, {"department": "二部"}):
            done(await world.marketer.patch(path, {"header": header}))
        done(await world.marketer.patch(path, {"header": {"region": "华南"}}))
        await until(lambda: len(receiver.accepted) >= 2)
    told = [each.event["data"]["header"]["region"] for each in receiver.accepted]
    assert told == ["华北", "华南"]


async def subscribe(
    world: World, receiver: Receiver, event_types: list[str], phrase: str = ""
) -> str:
    body = {"url": receiver.url, "event_types": event_types, "phrase": phrase}
    answer = done(await world.owner.post("/v1/webhook-subscriptions", body))
    secret: str = answer.json()["secret"]
    return secret


async def whole_history(pursuit: Pursuit) -> list[dict[str, object]]:
    events: list[dict[str, object]] = []
    path: str | None = f"{pursuit.path}/events?limit=200"
    while path:
        answer = done(await pursuit.world.marketer.client.get(path))
        events += answer.json()["items"]
        link = answer.headers.get("link")
        path = link[1 : link.index(">")] if link else None
    return events


def assert_tells_no_more_than_the_log(received: Received, event: dict[str, object]) -> None:
    told = received.event
    if told["data"].get("restricted"):
        assert told["data"]["values"] is None
    else:
        assert told == event
