"""Commands on the record of the stage where a project stands: its actual situation, its conditions."""

from pydantic import Field

from genjin.stages.events import (
    ActualRecorded,
    ConditionMarked,
)
from genjin.templates.conditions import ManualCondition
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Flag, OptionalProse, Prose, example
from genjin_api.projects.access import (
    refuse_unless_open,
    refuse_unless_role,
    role_among,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found


class RecordActual(Command):
    """实际情况: the whole text as it stands now. Judgements given before turn stale."""

    model_config = example(
        text="已与设备科王工通话，约定周四上门演示。",
    )

    text: Prose = Field(examples=["已与设备科王工通话，约定周四上门演示。"])


class MarkCondition(Command):
    model_config = example(
        met=True,
        evidence="立项审批单 2026-118 号",
    )

    met: Flag
    evidence: OptionalProse = ""


def record_actual(
    project: Project, template: Template, command: RecordActual, caller: Caller
) -> Decision:
    visit = project.course.current
    allowed = template.stage(visit.stage).actual_by
    if refusal := refuse_unless_open(project) or refuse_unless_role(project, caller, allowed):
        return refusal
    fact = ActualRecorded(
        stage=visit.stage,
        visit=visit.number,
        text=command.text,
        facts_version=visit.facts_version + 1,
    )
    return Decided([fact], role_among(project, caller, allowed))


def mark_condition(
    project: Project, template: Template, key: str, command: MarkCondition, caller: Caller
) -> Decision:
    visit = project.course.current
    stage = template.stage(visit.stage)
    condition = next((known for known in stage.conditions() if known.key == key), None)
    if condition is None:
        return not_found(f"condition in stage {visit.stage}:", key)
    by = (
        condition.by if isinstance(condition, ManualCondition) and condition.by else stage.actual_by
    )
    if refusal := refuse_unless_open(project) or refuse_unless_role(project, caller, by):
        return refusal
    if not isinstance(condition, ManualCondition):
        return Refusal(
            "condition_is_computed", f"{key} is of kind {condition.kind}, nobody marks it"
        )
    if command.met and condition.evidence and not command.evidence:
        return field_refusal("evidence_required", "/evidence", f"{key} is met by evidence alone")
    before = visit.conditions.get(key)
    if before and (before.met, before.evidence) == (command.met, command.evidence):
        return Decided([])
    fact = ConditionMarked(
        stage=visit.stage,
        visit=visit.number,
        condition=key,
        met=command.met,
        evidence=command.evidence,
        facts_version=visit.facts_version + 1,
    )
    return Decided([fact], role_among(project, caller, by))
