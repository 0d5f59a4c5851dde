"""Short words for what happens in a project of the rich template."""

from typing import Any
from uuid import UUID

from genjin.projects.events import ProjectCreated, RoleAssigned, TemplateReference
from genjin.stages.events import StageEntered
from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.stages import approvals, decider, judging, moves
from genjin_api.stages.gate import gate
from tests.specification import (
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    MOMENT,
    SALES_MANAGER,
    Story,
    given,
)
from tests.stages.telling import Decide
from tests.templates.rich import RICH

HOLDERS = {
    "seller": MARKETER,
    "boss": GENERAL_MANAGER,
    "clerk": DEPT_HEAD,
    "auditor": SALES_MANAGER,
}
REASON = "客户已确认，书面材料下周补齐，先行推进不误工期"


def begun(template: Template = RICH, **header: str) -> Story:
    reference = TemplateReference(
        key=template.key, version=template.version, body_hash=body_hash(template)
    )
    created = ProjectCreated(code="XM-9", template=reference, header={"name": "某", **header})
    entered = StageEntered(stage=template.stages[0].key, visit=1, from_stage=None)
    holding = [
        RoleAssigned(role=role, person_id=who.person_id, person_name=who.name)
        for role, who in HOLDERS.items()
    ]
    return given([created, entered], holding)


def record(text: str = "已谈妥", template: Template = RICH) -> Decide:
    command = decider.RecordActual(text=text)
    return lambda project: decider.record_actual(project, template, command, MARKETER)


def mark(key: str, caller: Caller = MARKETER, *, met: bool = True) -> Decide:
    command = decider.MarkCondition(met=met)
    return lambda project: decider.mark_condition(project, RICH, key, command, caller)


def approve(role: str, *, approved: bool = True, comment: str = "", key: str = "plan") -> Decide:
    command = approvals.ApproveCondition(role=role, approved=approved, comment=comment)
    return lambda project: approvals.approve_condition(project, RICH, key, command, HOLDERS[role])


def judge(role: str, verdict: Any = "advance", template: Template = RICH) -> Decide:
    command = judging.Judge(role=role, verdict=verdict)
    return lambda project: judging.judge(project, template, command, HOLDERS[role])


def advance(caller: Caller = MARKETER, template: Template = RICH, **command: Any) -> Decide:
    advancing = moves.AdvanceStage.model_validate(command)
    return lambda project: moves.advance(project, template, advancing, caller, MOMENT)


def override(*waived: tuple[str, str], caller: Caller = GENERAL_MANAGER) -> Decide:
    waive = [{"code": code, "subject": subject} for code, subject in waived]
    return advance(caller, override={"waive": waive, "reason": REASON})


def prepare(story: Story) -> None:
    """Everything that the first stage asks for, but the judgements."""
    story.did(MARKETER, record())
    story.did(MARKETER, mark("c1"))
    story.did(DEPT_HEAD, mark("safe", DEPT_HEAD))
    story.did(GENERAL_MANAGER, approve("boss"))
    story.did(DEPT_HEAD, approve("clerk"))


def ready(**header: str) -> Story:
    story = begun(RICH, **header)
    prepare(story)
    story.did(MARKETER, judge("seller"))
    story.did(GENERAL_MANAGER, judge("boss"))
    return story


def blockers(story: Story, template: Template = RICH) -> set[tuple[str, str]]:
    found = gate(story.now, template, MOMENT).blockers()
    return {(item["code"], item["subject"]) for item in found}


def stage_of(story: Story) -> str:
    return story.now.course.current.stage


def events_of(story: Story, last: int) -> list[UUID]:
    return [stamp.event_id for _, stamp in story.told[-last:]]
