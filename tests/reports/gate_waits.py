"""Whom a gate waits for, told from what blocks it: the plain way to what waits.py makes of a few words."""

from collections.abc import Iterator

from genjin.templates.conditions import ApprovalCondition
from genjin.templates.model import Stage, Template
from genjin_api.forms.state import copies
from genjin_api.projects.state import Project
from genjin_api.reports.waits import Wait
from genjin_api.stages.gate import Check, gate
from tests.specification import MOMENT


def gate_waits(project: Project, template: Template) -> set[Wait]:
    stage = template.stage(project.course.current.stage)
    blocking = gate(project, template, MOMENT).blocking()
    found = {wait for check in blocking for wait in _of_check(project, template, stage, check)}
    judgements = [check for check in blocking if check.code.startswith("judgement_")]
    return found | set(_judgements(project, template, stage, judgements))


def _of_check(project: Project, template: Template, stage: Stage, check: Check) -> Iterator[Wait]:
    match check.code:
        case "form_missing" | "form_incomplete":
            for role in stage.actual_by:
                yield Wait("form", check.subject, role, len(stage.actual_by) > 1)
        case "form_unsigned":
            for role in check.value:
                yield Wait("signature", check.subject, role)
        case "approval_missing":
            condition = template.condition(stage.key, check.subject)
            assert isinstance(condition, ApprovalCondition)
            about = condition.form and copies(project.forms, condition.form)
            if condition.form is None or any(one.state == "complete" for one in about or ()):
                for role in set(condition.by) - set(check.value):
                    yield Wait("approval", check.subject, role, condition.mode == "any")
        case _:
            pass


def _judgements(
    project: Project, template: Template, stage: Stage, blocking: list[Check]
) -> Iterator[Wait]:
    rule, visit = template.judgement_of(stage.key), project.course.current
    if rule.mode in ("any", "quorum"):
        for role in rule.roles if blocking else ():
            if role not in visit.judgements or visit.is_stale(visit.judgements[role]):
                yield Wait("judgement", stage.key, role, one_of=True)
        return
    for check in blocking[:1] if rule.mode == "sequence" else blocking:
        if check.code in ("judgement_missing", "judgement_stale"):
            yield Wait("judgement", stage.key, check.subject)
