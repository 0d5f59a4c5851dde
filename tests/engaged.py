"""Engagements over HTTP: one with its people, the projects it links, and risks on both sides that are linked."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.control import risk_owned_by
from tests.pursuit import Pursuit, done
from tests.world import World

REASON = {"reason": "为该客户定制的项目"}
LOST_ORDER = {"category": "customer", "event": "客户取消年度订单"}
OCCURRENCE = {"description": "客户来函取消年度订单", "measures": "与客户高层会谈"}
ASSESSMENT = {"level": "warning", "reason": "预算被冻结"}
GOAL = {"title": "扩大市场份额", "measure": "华东三省的份额", "target": 40.0}


def code() -> str:
    return f"YW-{uuid4().hex[:12]}"


async def new_engagement(world: World, **header: str) -> Pursuit:
    """Of the template engagement; the marketer is its business team."""
    body = {"code": code(), "template": "engagement", "header": {"name": "某客户", **header}}
    made = done(await world.marketer.post("/v1/projects", body)).json()["project"]
    engagement = Pursuit(world, f"/v1/projects/{made['id']}")
    await engagement.post("role-holders", {"role": "business_team", "person_id": world.marketer.id})
    return engagement


def identifier(pursuit: Pursuit) -> str:
    return pursuit.path.rpartition("/")[2]


async def link(engagement: Pursuit, project: Pursuit) -> dict[str, Any]:
    return await engagement.post("linked-projects", {"project_id": identifier(project), **REASON})


async def risk_of(pursuit: Pursuit, owner: str = "marketer", **more: Any) -> str:
    """Its id."""
    body = risk_owned_by(pursuit.world.judge(owner).id, **more)
    made: str = (await pursuit.post("risks", body))["risk"]["id"]
    return made


@dataclass(frozen=True, slots=True)
class Engaged:
    """An engagement with a risk, a project that it links, and a risk of that, of the department's head, which is
    raised by the engagement's.
    """

    engagement: Pursuit
    project: Pursuit
    cause: str
    risk: str

    async def occur(self) -> dict[str, Any]:
        """The answer's body."""
        return await self.engagement.post(f"risks/{self.cause}/occurrences", OCCURRENCE)

    async def assess(self) -> dict[str, Any]:
        """Say how the engagement is. The answer's body."""
        return await self.engagement.post("health-assessments", ASSESSMENT)


async def engaged(world: World) -> Engaged:
    engagement = await new_engagement(world)
    project = Pursuit(world, await world.project(code()))
    await link(engagement, project)
    cause = await risk_of(engagement, **LOST_ORDER)
    risk = await risk_of(project, "dept_head")
    body = {"project_id": identifier(project), "risk_id": risk, "note": "订单取消则项目搁置"}
    await engagement.post(f"risks/{cause}/links", body)
    return Engaged(engagement, project, cause, risk)
