"""What random people command beside the stages: risks, requirements and their changes, follow-ups."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.changes import decider as changes
from genjin_api.projects.state import Project
from genjin_api.requirements import decider as requirements
from genjin_api.risks import decider as risks
from genjin_api.stages import follow_ups
from tests.specification import HOLDERS
from tests.stages.random_commands import Commands
from tests.stages.random_registers import REGISTERS
from tests.stages.random_relations import RELATIONS

REQUIREMENT, CHANGE, FOLLOW_UP = (UUID(int=number) for number in (0xD0, 0xC0, 0xF0))
RISKS = [UUID(int=0xA0 + number) for number in range(4)]
OWNER_ID = next(iter(HOLDERS.values())).person_id


_DECISIONS: Sequence[Callable[[date], dict[str, str]]] = (
    lambda _: {"decision": "approve", "comment": "同意"},
    lambda _: {"decision": "reject", "comment": "依据不足"},
    lambda today: {"decision": "defer", "review_on": (today + timedelta(days=3)).isoformat()},
)


def go_on_with_risk(commands: Commands) -> None:
    """Identify it, assess it, answer it, close it: whatever is next, or the assessment again."""
    process, who = commands.process, commands.somebody(commands.roles())
    known = process.now.risks
    open_ = [one for one in RISKS if str(one) not in known or known[str(one)].status != "closed"]
    identifier = [*open_, RISKS[0]][0]
    template, again = process.template, commands.one((False, True))
    told = {"category": "technical", "cause": "涨价", "event": "超支", "effect": "亏损"}
    new = risks.IdentifyRisk.model_validate({**told, "owner_id": OWNER_ID})
    grade = risks.AssessRisk(probability=commands.one((1, 2)), impact=commands.one((1, 3)))
    answer = risks.PlanResponse.model_validate(
        {"strategy": "avoid", "actions": "备用金", "owner_id": OWNER_ID, "trigger": "涨价"}
    )
    end = risks.CloseRisk(reason="已锁价", residual_probability=1, residual_impact=2)

    def decide(project: Project, who: Caller) -> Decision:
        risk = project.risks.get(str(identifier))
        if risk is None:
            return risks.identify(project, template, new, identifier, "王芳", who)
        if risk.score is None or again:
            return risks.assess(project, template, identifier, grade, who)
        if not risk.is_answered:
            return risks.plan_response(project, template, identifier, answer, "王芳", who)
        return risks.close(project, template, identifier, end, who)

    process.do(who, decide)


def go_on_with_change(commands: Commands) -> None:
    """A requirement, its confirmation, a change of it: whatever is next."""
    process, template = commands.process, commands.process.template
    moment, today = process.moment, process.moment.today
    status = getattr(process.now.change_requests.get(str(CHANGE)), "status", None)
    waits = status in ("submitted", "deferred")
    deciding = template.change_deciders if waits else commands.roles()
    who = commands.somebody(deciding)
    capture = requirements.CaptureRequirement(title="能力", text="十万吨", requested_by="王工")
    meeting = {"confirmed_on": today.isoformat(), "evidence": "会议纪要"}
    confirm = requirements.ConfirmRequirement.model_validate({"confirmed_by": "王工", **meeting})
    said = {"title": "提高能力", "reason": "人口上调", "proposed_title": "能力"}
    words = {"proposed_text": "三十万吨", "requested_by": "王工", "requirement_id": REQUIREMENT}
    new = changes.RaiseChange.model_validate(said | words)
    impacts = {name: "有影响" for name in ("scope", "quality", "risk", "resource")}
    impact = changes.AssessChange.model_validate({**impacts, "days": 3, "cost": "10.50"})
    decision = changes.DecideChange.model_validate(commands.one(_DECISIONS)(today))

    def decide(project: Project, who: Caller) -> Decision:
        requirement = project.requirements.get(str(REQUIREMENT))
        change = project.change_requests.get(str(CHANGE))
        if requirement is None:
            return requirements.capture(project, capture, REQUIREMENT, who)
        if requirement.status != "confirmed":
            return requirements.confirm(project, REQUIREMENT, confirm, who, moment)
        if change is None:
            return changes.raise_change(project, template, new, CHANGE, who)
        if change.impact is None:
            return changes.assess(project, CHANGE, impact, who)
        if change.status == "raised":
            return changes.submit(project, CHANGE, who)
        if change.status in ("submitted", "deferred"):
            return changes.decide(project, template, CHANGE, decision, who, moment)
        return changes.apply(project, CHANGE, who)

    process.do(who, decide)


def follow_up(commands: Commands) -> None:
    """Set one, due yesterday or tomorrow, or complete it."""
    process, template = commands.process, commands.process.template
    moment, day = process.moment, timedelta(days=1)
    role, due = commands.one(commands.roles()), moment.today + commands.one((day, -day))
    who = commands.somebody([role])
    new = follow_ups.SetFollowUp.model_validate(
        {"role": role, "action": "约见", "owner_id": OWNER_ID, "due_on": due.isoformat()}
    )
    done = follow_ups.CompleteFollowUp(result="已见面")

    def decide(project: Project, who: Caller) -> Decision:
        if str(FOLLOW_UP) in project.course.follow_ups:
            return follow_ups.complete_follow_up(project, FOLLOW_UP, done, who, moment)
        return follow_ups.set_follow_up(project, template, new, FOLLOW_UP, "王芳", who)

    process.do(who, decide)


def control(commands: Commands) -> None:
    """One of them, once or as often as it takes to get somewhere."""
    beside = (*REGISTERS.values(), *RELATIONS.values())
    go_on = commands.one((go_on_with_risk, go_on_with_change, follow_up, *beside))
    for _ in range(commands.one((1, 2, 6))):
        go_on(commands)
