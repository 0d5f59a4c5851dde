"""Refusals of engagements: links with projects and between risks, health, goals."""

from tests.engaged import (
    GOAL,
    LOST_ORDER,
    REASON,
    engaged,
    identifier,
    link,
    new_engagement,
    risk_of,
)
from tests.pursuit import Pursuit
from tests.refusals.asking import Ask, Provocation, asked


async def _linking_from_a_project(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "linked-projects", {"project_id": identifier(pursuit), **REASON})


async def _linking_an_engagement(pursuit: Pursuit) -> Ask:
    outer, inner = await new_engagement(pursuit.world), await new_engagement(pursuit.world)
    return asked(outer, "linked-projects", {"project_id": identifier(inner), **REASON})


async def _linking_twice(pursuit: Pursuit) -> Ask:
    engagement = await new_engagement(pursuit.world)
    await link(engagement, pursuit)
    return asked(engagement, "linked-projects", {"project_id": identifier(pursuit), **REASON})


async def _raising_a_risk_of_a_project_elsewhere(pursuit: Pursuit) -> Ask:
    engagement = await new_engagement(pursuit.world)
    cause = await risk_of(engagement, **LOST_ORDER)
    body = {"project_id": identifier(pursuit), "risk_id": await risk_of(pursuit)}
    return asked(engagement, f"risks/{cause}/links", body)


async def _health_in_a_process_without_it(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "health-assessments", {"level": "warning", "reason": "客户推迟"})


async def _progress_of_a_goal_that_ended(pursuit: Pursuit) -> Ask:
    goal = (await pursuit.post("goals", GOAL))["goal"]["id"]
    await pursuit.post(f"goals/{goal}/endings", {"outcome": "achieved", "reason": "已超过"})
    return asked(pursuit, f"goals/{goal}/progress", {"on": "2026-03-19", "note": "华东合计"})


async def _progress_of_what_a_metric_measures(pursuit: Pursuit) -> Ask:
    engagement = await new_engagement(pursuit.world)
    goal = await engagement.post("goals", {**GOAL, "metric": "market_share"})
    path = f"goals/{goal['goal']['id']}/progress"
    return asked(engagement, path, {"value": 41.0, "on": "2026-03-19", "note": "华东合计"})


async def _linking_risks_twice(pursuit: Pursuit) -> Ask:
    both = await engaged(pursuit.world)
    body = {"project_id": identifier(both.project), "risk_id": both.risk}
    return asked(both.engagement, f"risks/{both.cause}/links", body)


PROVOCATIONS = {
    "not_an_engagement": Provocation(409, _linking_from_a_project),
    "engagement_nested": Provocation(409, _linking_an_engagement),
    "already_linked": Provocation(409, _linking_twice),
    "risks_already_linked": Provocation(409, _linking_risks_twice),
    "project_not_linked": Provocation(409, _raising_a_risk_of_a_project_elsewhere, "/project_id"),
    "health_not_kept": Provocation(409, _health_in_a_process_without_it),
    "goal_ended": Provocation(409, _progress_of_a_goal_that_ended),
    "goal_measured_by_metric": Provocation(409, _progress_of_what_a_metric_measures),
}
