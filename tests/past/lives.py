"""Projects that live a random life over HTTP, the same for the same seed, and naive answers about any point of it."""

import random
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import httpx
import orjson

from genjin.canonical import plain_json
from genjin.catalog import decode
from genjin.event import stamp_of
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.control import MILESTONE, REQUIREMENT, new_change, risk_owned_by
from tests.pursuit import TEMPLATE, Pursuit
from tests.stakeholders.inside import new_account
from tests.world import World

Event = dict[str, Any]
Step = Callable[[Pursuit, random.Random], Awaitable[httpx.Response]]


async def _header(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    region = chance.choice(["天津", "河北", "a/b~c", None])
    header = {"region": region, "department": chance.choice(["一部", "二部"])}
    return await pursuit.world.marketer.patch(pursuit.path, {"header": header})


async def _actual(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    body = {"text": f"第{chance.randrange(100)}次通话"}
    return await pursuit.world.marketer.post(f"{pursuit.path}/actuals", body)


async def _judgement(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    role = chance.choice(TEMPLATE.judgement.roles)
    body = {"role": role, "verdict": "hold", "comment": f"等{chance.randrange(9)}天"}
    return await pursuit.world.judge(role).post(f"{pursuit.path}/judgements", body)


async def _form(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    form = chance.choice(list(TEMPLATE.forms))
    values = {"n": chance.choice([1, 1.5, True, None, "x", {"deep": 1}, [1, {"a": 2}]])}
    body = {"values": values, "reason": "更正"}
    return await pursuit.world.marketer.put(f"{pursuit.path}/forms/{form}", body)


async def _requirement(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    items = await pursuit.items("requirements")
    if not items or chance.random() < 0.4:
        return await pursuit.world.marketer.post(f"{pursuit.path}/requirements", REQUIREMENT)
    path = f"{pursuit.path}/requirements/{chance.choice(items)['id']}"
    body = {"priority": chance.choice(["key", "minor"])}
    return await pursuit.world.marketer.patch(path, body)


async def _risk(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    marketer, items = pursuit.world.marketer, await pursuit.items("risks")
    if not items or chance.random() < 0.4:
        return await marketer.post(f"{pursuit.path}/risks", risk_owned_by(marketer.id))
    grade = {"probability": chance.randint(1, 5), "impact": chance.randint(1, 5)}
    path = f"{pursuit.path}/risks/{chance.choice(items)['id']}"
    return await marketer.post(f"{path}/assessments", grade)


async def _milestone(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    marketer, items = pursuit.world.marketer, await pursuit.items("milestones", status="open")
    if not items or chance.random() < 0.4:
        return await marketer.post(f"{pursuit.path}/milestones", MILESTONE)
    path, due_on = (
        f"{pursuit.path}/milestones/{items[0]['id']}",
        f"2030-02-{chance.randint(10, 28)}",
    )
    if chance.random() < 0.5:
        body = {"due_on": due_on, "reason": "现场停电"}
        return await marketer.post(f"{path}/reschedulings", body)
    body = {"reached_on": "2026-03-25", "evidence": "测试报告"}
    return await marketer.post(f"{path}/attainments", body)


async def _follow_up(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    marketer, items = pursuit.world.marketer, await pursuit.items("follow-ups", status="open")
    if items and chance.random() < 0.5:
        path = f"{pursuit.path}/follow-ups/{items[0]['id']}/completion"
        return await marketer.put(path, {"result": "已完成"})
    due = f"2030-01-{chance.randint(10, 28)}"
    body = {"role": "marketer", "action": "约见", "owner_id": marketer.id, "due_on": due}
    return await marketer.post(f"{pursuit.path}/follow-ups", body)


async def _rest(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    word = "resumptions" if (await pursuit.card())["status"] == "suspended" else "suspensions"
    body = {"reason": "客户推迟"} if word == "suspensions" else {}
    return await pursuit.world.marketer.post(f"{pursuit.path}/{word}", body)


async def _end(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    marketer = pursuit.world.marketer
    if (await pursuit.card())["status"] == "closed":
        body = {"to_stage": "initiation", "reason": "重新招标"}
        return await marketer.post(f"{pursuit.path}/reopenings", body)
    body = {"outcome": "lost", "reason_code": "price"}
    return await marketer.post(f"{pursuit.path}/closings", body)


async def _advance(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    """Refused by a closed gate, which is an event too."""
    return await pursuit.world.marketer.post(f"{pursuit.path}/stage-advances")


async def _return(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    body = {"to_stage": "initiation", "reason": "客户更换负责人"}
    return await pursuit.world.marketer.post(f"{pursuit.path}/stage-returns", body)


async def _correction(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    """Of what somebody wrote, corrected before or not."""
    written = await pursuit.items("events", type="stage.actual_recorded")
    event_id = chance.choice(written)["id"] if written else str(UUID(int=0))
    body = {"event_id": event_id, "reason": "记错", "note": "应为3月6日"}
    return await pursuit.world.marketer.post(f"{pursuit.path}/corrections", body)


async def _account(pursuit: Pursuit, _chance: random.Random) -> httpx.Response:
    marketer = pursuit.world.marketer
    body = {"account_id": await new_account(marketer)}
    return await marketer.put(f"{pursuit.path}/account", body)


STEPS: tuple[Step, ...] = (
    *(_header, _actual, _judgement, _form, _requirement, _risk, _follow_up),
    *(_header, _form, _risk, _milestone, _requirement, _rest, _end, _advance, _return),
    *(_correction, _account),
)


async def change_something(pursuit: Pursuit, chance: random.Random) -> httpx.Response:
    """What people do, most of it allowed: a project that rests or is closed is soon taken up again."""
    status = (await pursuit.card())["status"]
    if status != "open" and chance.random() < 0.7:
        return await (_end if status == "closed" else _rest)(pursuit, chance)
    return await chance.choice(STEPS)(pursuit, chance)


async def raise_change(pursuit: Pursuit) -> None:
    await new_change(pursuit)


async def events_of(world: World) -> list[Event]:
    """All events of the workspace's projects, in the order of the log."""
    found: list[Event] = []
    query: dict[str, Any] = {"limit": 200}
    while True:
        page = (await world.owner.get("/v1/events", **query)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            return [event for event in found if event["stream"].startswith("project-")]
        query["cursor"] = page["next_cursor"]


def fold(events: list[Event]) -> Project | None:
    """The state after a stream's events, one after the other."""
    state: Project | None = None
    for event in events:
        fact: Any = decode(event["type"], event["schema_version"], event["data"])
        state = PROJECT.evolve(state, fact, stamp_of(event))
    return state


def as_json(value: Any) -> Any:
    return orjson.loads(plain_json(value))


def id_of(path: str) -> UUID:
    return UUID(path.rpartition("/")[2])
