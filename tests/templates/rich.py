"""A small process that has what pursuit.8 has not: branches, a skip, a sequence of judges, approvals, overrides."""

import copy
from typing import Any

from genjin.templates.model import Template
from tests.pursuit import done
from tests.templates.test_model import band, levels, text, titled
from tests.world import World

KEY = "rich.4"
AMOUNT = "has(header.amount) && double(header.amount) > 1000.0"


def stage(key: str, *exits: dict[str, Any], **more: Any) -> dict[str, Any]:
    part = {"key": "main", "title": text(key), "success": text("done"), "conditions": []}
    return {
        "key": key,
        "title": text(key),
        "parts": [part | {"conditions": more.pop("conditions", [])}],
        "actual_by": ["seller"],
        "exits": list(exits),
        **more,
    }


BODY: dict[str, Any] = {
    "kind": "stage_gate",
    "title": text("rich"),
    "header": [
        {"key": "name", "title": text("name"), "max_length": 20},
        {"key": "amount", "title": text("amount"), "max_length": 20, "format": "money"},
    ],
    "roles": [*titled("seller", "clerk", "auditor"), {**titled("boss")[0], "single": True}],
    "never_both": [["seller", "auditor"]],
    "judgement": {
        "roles": ["seller", "boss"],
        "mode": "sequence",
        "verdicts": titled("advance", "hold"),
    },
    "risk": {
        "probability": levels(1, 2),
        "impact": levels(1, 2, 3),
        "bands": [band("low", 1, 3), band("high", 4, 6)],
        "limit": 4,
        "categories": titled("technical"),
        "strategies": titled("avoid"),
    },
    "outcomes": [
        {**titled("won")[0], "final_gate_only": True},
        {**titled("lost")[0], "by": ["boss"]},
        {
            **titled("expired")[0],
            "when": "project.age_days >= 365",
            "when_text": text("a year has passed"),
        },
    ],
    "change_deciders": ["clerk", "boss"],
    "authority": [{"role": "clerk", "max_cost": "50000.00", "max_days": 10}],
    "override_by": ["boss"],
    "stages": [
        stage(
            "first",
            {"to": "big", "when": AMOUNT, "text": text("above 1000")},
            {"to": "small", "when": f"!({AMOUNT})"},
            conditions=[
                {"key": "c1", "text": text("met")},
                {"key": "plan", "kind": "approval", "by": ["boss", "clerk"], "text": text("plan")},
                {"key": "safe", "text": text("safe"), "by": ["clerk"], "waivable": False},
            ],
            waivable=["actual_missing", "condition_not_met", "judgement_missing"],
        ),
        stage("big", {"to": "last"}),
        stage("small", {"to": "last"}, skip={"by": ["boss"]}),
        stage("last", return_to=["first"]),
    ],
}
RICH = Template.model_validate(BODY | {"key": KEY, "version": 1})


def rich_with(**changes: Any) -> Template:
    return Template.model_validate(copy.deepcopy(BODY) | {"key": KEY, "version": 1} | changes)


async def publish(world: World, key: str = KEY, body: dict[str, Any] = BODY) -> dict[str, Any]:
    """Draft and publish, as the owner of the workspace."""
    done(await world.owner.put(f"/v1/templates/{key}/draft", {"body": body}))
    answer = done(await world.owner.post(f"/v1/templates/{key}/versions", {}))
    template: dict[str, Any] = answer.json()["template"]
    return template


async def rich_project(world: World, code: str, **header: str) -> str:
    """A project of the rich template with its four roles held; its path."""
    known = await world.marketer.get(f"/v1/templates/{KEY}")
    if known.status_code == 404:
        await publish(world)
    made = {"code": code, "template": KEY, "header": {"name": "某项目", **header}}
    project = done(await world.marketer.post("/v1/projects", made)).json()["project"]
    path = f"/v1/projects/{project['id']}"
    holders = {
        "seller": world.marketer,
        "boss": world.general_manager,
        "clerk": world.dept_head,
        "auditor": world.sales_manager,
    }
    for role, person in holders.items():
        body = {"role": role, "person_id": person.id}
        done(await world.marketer.post(f"{path}/role-holders", body))
    return path
