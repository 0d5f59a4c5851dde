"""A form that has something of everything: rules of each kind, rows, links to documents, hints, two signatures."""

from typing import Any

from tests.pursuit import Pursuit
from tests.templates.rich import BODY, KEY, publish, rich_project
from tests.templates.test_model import text
from tests.world import World


def titled(zh: str, en: str, **more: Any) -> dict[str, Any]:
    return {"title": zh, "x-title-en": en, **more}


LINK = {"type": "string", "format": "genjin-document"}
ROW = {
    "type": "object",
    "additionalProperties": False,
    "required": ["severity"],
    "properties": {
        "severity": titled(
            "严重程度",
            "Severity",
            type="string",
            enum=["low", "high"],
            **{"x-titles": {"low": {"zh": "轻", "en": "low"}, "high": {"zh": "重", "en": "high"}}},
        ),
        "photo": titled("照片", "Photo", **LINK),
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["report", "visited_on"],
    "properties": {
        "report": titled("检查报告", "Report", **LINK),
        "visited_on": titled("检查日期", "Visited on", type="string", format="date"),
        "score": titled("得分", "Score", type="integer", minimum=0, maximum=10),
        "remark": titled("备注", "Remark", type="string", maxLength=20),
        "next_step": titled("下一步", "Next step", type="string", **{"x-recommended": True}),
        "findings": titled("问题", "Findings", type="array", maxItems=200, items=ROW),
    },
}
SPEC: dict[str, Any] = {
    "title": text("inspection"),
    "required": False,
    "repeatable": True,
    "four_eyes": True,
    "signed_by": ["seller", "boss"],
    "schema": SCHEMA,
}
STAGES = [{**BODY["stages"][0], "forms": ["inspection"]}, *BODY["stages"][1:]]
INSPECTED: dict[str, Any] = {**BODY, "forms": {"inspection": SPEC}, "stages": STAGES}


async def inspected_project(world: World, code: str = "INS-1") -> Pursuit:
    await publish(world, KEY, INSPECTED)
    return Pursuit(world, await rich_project(world, code))
