"""Short words for projects that the clock looks at, over HTTP."""

from typing import Any

from tests.pursuit import Pursuit, done
from tests.templates.rich import BODY, KEY, publish, rich_project
from tests.templates.test_model import text
from tests.world import World

CLOCK_TYPES = (
    "follow_up.overdue",
    "milestone.overdue",
    "stage.overstayed",
    "cadence.missed",
    "customer.silent",
    "risk.review_due",
)
MEMO = {"title": text("memo"), "required": False, "repeatable": True, "schema": {"type": "object"}}
RULES: dict[str, Any] = {
    "forms": {"memo": MEMO},
    "cadences": [
        {"key": "log", "title": text("log"), "every": "day", "by": ["seller"], "grace_days": 1}
    ],
    "silence": {"days": 5, "forms": ["memo"]},
    "stages": [
        {**BODY["stages"][0], "max_days": 10, "forms": ["memo"]},
        *BODY["stages"][1:],
    ],
}


async def ruled_project(world: World, code: str = "CLK-1", **rules: Any) -> Pursuit:
    """Of a workspace's own template: of RULES these alone."""
    await publish(world, KEY, {**BODY, "forms": RULES["forms"], **rules})
    return Pursuit(world, await rich_project(world, code))


async def follow_up(pursuit: Pursuit, due_on: str) -> str:
    body = {
        "role": "marketer",
        "action": "约见设备科王工",
        "owner_id": pursuit.world.marketer.id,
        "due_on": due_on,
    }
    made: str = (await pursuit.post("follow-ups", body))["follow_up"]["id"]
    return made


async def told(pursuit: Pursuit) -> list[dict[str, Any]]:
    """What the clock told of a project, as the history shows it."""
    found: list[dict[str, Any]] = []
    for event in await pursuit.items("events", limit=200):
        if event["type"] in CLOCK_TYPES:
            found.append(event)
    return found


async def told_types(pursuit: Pursuit) -> list[str]:
    return [event["type"] for event in await told(pursuit)]


async def suspend(pursuit: Pursuit) -> None:
    done(await pursuit.world.marketer.post(f"{pursuit.path}/suspensions", {"reason": "资金推迟"}))


async def resume(pursuit: Pursuit) -> None:
    done(await pursuit.world.marketer.post(f"{pursuit.path}/resumptions", {"note": "资金到位"}))
