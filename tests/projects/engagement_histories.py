"""What random histories tell of engagements: links on both sides, goals, health, warnings."""

import random
from uuid import UUID

from genjin.engagements.events import EngagementJoined
from genjin.risks.events import RiskLinked, RiskOccurred, RiskUnlinked
from genjin.templates.catalog import latest
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.engagements import decider as engagements
from genjin_api.engagements.state import is_linked
from genjin_api.goals import decider as goals
from genjin_api.health import decider as health
from genjin_api.projects.state import Project
from genjin_api.risks.linking import be_unlinked
from genjin_api.risks.raising import raised
from genjin_api.warnings import decider as warnings
from tests.risks.test_decider import IDENTIFIED
from tests.specification import DEPT_HEAD, MARKETER, MOMENT, PROJECT_ID, TODAY
from tests.stages.telling import Decide

ENGAGEMENT, WHO = latest("engagement"), MARKETER
OTHER = UUID(int=0xF0)


def engaged(chance: random.Random) -> tuple[Caller, Decide]:
    return chance.choice([_goal, _health, _links, _links, _warning, _warning, _warning])(chance)


def _goal(chance: random.Random) -> tuple[Caller, Decide]:
    identifier = UUID(int=0xF8 + chance.randrange(3))
    metric = chance.choice([None, "market_share"])
    new = goals.SetGoal(title="扩大市场份额", measure="华东三省的份额", metric=metric, target=40.0)
    target, value, day = (
        chance.choice([None, 42.5]),
        chance.choice([None, 1 / 3]),
        TODAY.isoformat(),
    )
    moved = goals.AdjustGoal.model_validate({"target": target, "due_on": day, "reason": "提前达到"})
    made = goals.RecordProgress.model_validate({"value": value, "on": day, "note": "华东合计"})
    ended = goals.EndGoal(outcome=chance.choice(["achieved", "abandoned"]), reason="已定")

    go_on: Decide = chance.choice(
        [
            lambda project: goals.adjust(project, identifier, moved, WHO),
            lambda project: goals.record_progress(project, identifier, made, WHO, MOMENT),
            lambda project: goals.end(project, identifier, ended, WHO),
        ]
    )

    def set_or_go_on(project: Project) -> Decision:
        if str(identifier) in project.goals:
            return go_on(project)
        return goals.set_goal(project, ENGAGEMENT, new, identifier, WHO)

    return WHO, set_or_go_on


def _health(chance: random.Random) -> tuple[Caller, Decide]:
    level = chance.choice(ENGAGEMENT.health).key
    said = health.AssessHealth(level=level, reason="客户两次推迟回访")
    return DEPT_HEAD, lambda project: health.assess(project, ENGAGEMENT, said, DEPT_HEAD)


def _links(chance: random.Random) -> tuple[Caller, Decide]:
    """As an engagement has them, and as a project has them."""
    other = UUID(int=0xF0 + chance.randrange(3))
    new = engagements.LinkProject(project_id=other, reason="为该客户定制")
    joining = EngagementJoined(
        engagement_id=other, engagement_code="YW-1", origin="grouped", reason=new.reason
    )

    def link_or_unlink(project: Project) -> Decision:
        if is_linked(project.linked_projects, other):
            return engagements.unlink(project, other, "转由他人", WHO)
        return engagements.link(project, ENGAGEMENT, new, "XM-2", WHO)

    def join_or_leave(project: Project) -> Decision:
        if is_linked(project.engagements, other):
            return engagements.leave(project, other, "转由他人")
        return Decided([joining])

    return WHO, chance.choice([link_or_unlink, join_or_leave])


def _warning(chance: random.Random) -> tuple[Caller, Decide]:
    """As if one of the project's own risks had occurred in an engagement."""
    pick = chance.randrange(1000)
    cause, seen = UUID(int=chance.getrandbits(64)), warnings.AcknowledgeWarning(note="已知")

    def warn(project: Project) -> Decision:
        risks = list(project.risks.values())
        if not risks:
            return Decided([IDENTIFIED.model_copy(update={"event": "超支"})])
        source = risks[pick % len(risks)]
        if not source.links:
            link = RiskLinked(
                risk_id=risks[0].id,
                relation="raised_by",
                other_project_id=OTHER,
                other_risk_id=source.id,
                note="",
            )
            return Decided([link])
        occurred = RiskOccurred(risk_id=source.id, description="取消订单", measures="")
        return raised(project, project, occurred, cause)

    def acknowledge(project: Project) -> Decision:
        newest = [*project.warnings.values()][-1:]
        return warnings.acknowledge(project, newest[0].id if newest else cause, seen, WHO)

    def unlink(project: Project) -> Decision:
        linked = [(risk, one) for risk in project.risks.values() for one in risk.links.values()]
        for risk, one in linked[:1]:
            fact = RiskUnlinked(
                risk_id=one.other_risk_id,
                other_project_id=PROJECT_ID,
                other_risk_id=risk.id,
                reason="已另签合同",
            )
            return be_unlinked(one.other_project_id, fact)
        return Decided([])

    return WHO, chance.choice([warn, warn, warn, acknowledge, acknowledge, unlink])
