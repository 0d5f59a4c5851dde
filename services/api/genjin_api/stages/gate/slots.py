"""The slots of a gate: where it asks for the word of a role (a judgement, an approval, a signature), and who gave it.

Nobody fills two slots of one question: a stage's judgement, one condition's approval, the signatures of one revision.
Nor does anybody speak at one gate for two roles that the template keeps apart, whatever each of them was asked.
"""

from collections.abc import Iterator, Mapping
from uuid import UUID

from genjin.templates.conditions import ApprovalCondition, FormCondition
from genjin.templates.model import Stage, Template
from genjin_api.acting import Caller
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stages.gate.approvals import approved_by
from genjin_api.stages.gate.forms import counted

Said = Iterator[tuple[str, UUID]]


def refuse_second_slot(
    project: Project, template: Template, caller: Caller, role: str, same: Mapping[str, UUID]
) -> Refusal | None:
    """Before the caller speaks for role where the project stands. same: who answered the same question, by role."""
    for other, person in same.items():
        if other != role and person == caller.person_id:
            return Refusal("second_slot_refused", f"you have spoken as {other} here already")
    return refuse_apart(project, template, template.stage(_here(project)), caller, role)


def refuse_apart(
    project: Project, template: Template, stage: Stage, caller: Caller, role: str
) -> Refusal | None:
    """Before the caller speaks at the gate of a stage for a role that the template keeps apart from others.

    Roles that nobody holds together are kept apart here too, lest somebody is given one after the other.
    """
    apart = {
        other
        for roles in (*template.exclusive_roles, *template.never_both)
        if role in roles
        for other in roles
        if other != role
    }
    for other, person in filled(project, template, stage) if apart else ():
        if other in apart and person == caller.person_id:
            detail = f"you have spoken at the gate of {stage.key} as {other}: not as {role} as well"
            return Refusal("second_slot_refused", detail)
    return None


def filled(project: Project, template: Template, stage: Stage) -> Said:
    """Who has spoken for which role, as the gate of a stage counts it: of a stage elsewhere, the signatures alone."""
    if stage.key == _here(project):
        yield from _judged(project, template, stage)
        yield from _approved(project, stage)
    for form in _forms(stage):
        spec = template.forms[form]
        for record in counted(project, form, spec):
            for role, signature in record.signatures.items():
                if role in spec.signed_by:
                    yield role, signature.person_id


def gates_of(template: Template, form: str) -> Iterator[Stage]:
    """The stages whose gates ask for a form."""
    return (stage for stage in template.stages if form in _forms(stage))


def _here(project: Project) -> str:
    return project.course.current.stage


def _judged(project: Project, template: Template, stage: Stage) -> Said:
    """Stale ones too: whoever gave one takes it back."""
    roles = template.judgement_of(stage.key).roles
    for role, judgement in project.course.current.judgements.items():
        if role in roles:
            yield role, judgement.person_id


def _approved(project: Project, stage: Stage) -> Said:
    for condition in stage.conditions():
        if isinstance(condition, ApprovalCondition):
            for role, approval in approved_by(project, condition).items():
                if role in condition.by:
                    yield role, approval.person_id


def _forms(stage: Stage) -> set[str]:
    asked = {one.form for one in stage.conditions() if isinstance(one, FormCondition)}
    return asked | set(stage.forms)
