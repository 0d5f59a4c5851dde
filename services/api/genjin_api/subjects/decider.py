"""The erasure of a data subject: of its key, and then of what each project holds of it."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from genjin.forms.events import FormErased
from genjin.subjects.events import SubjectErased
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Prose
from genjin_api.forms.state import holds
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.stakeholders.decider import cleared
from genjin_api.subjects.state import ErasedSubject


class EraseSubject(BaseModel):
    """For good, from now on: nobody can read the data again. The reason stays: do not name the person in it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"reason": "依个人信息保护法第四十七条，本人要求删除（申请单 118）"}]
        },
    )

    reason: Prose


def erase(subject: ErasedSubject | None, command: EraseSubject) -> Decision:
    """Erasing twice is erasing once."""
    return Decided([] if subject else [SubjectErased(reason=command.reason)])


def clear_forms(project: Project, subject_id: UUID, caller: Caller) -> Decided:
    """Every form of the project that still holds something of an erased subject, open or closed."""
    facts = [
        FormErased(form=record.form, copy_number=record.copy_number, subject_id=subject_id)
        for record in project.forms.values()
        if holds(record, subject_id)
    ]
    return Decided(facts, acting_role(project, caller))


def clear_subject(project: Project, subject_id: UUID, caller: Caller) -> Decision:
    """Every form and every stakeholder of the project that still holds something of an erased subject."""
    of_forms = clear_forms(project, subject_id, caller)
    return Decided([*of_forms.facts, *cleared(project, subject_id)], of_forms.role)
