"""What a gate finds of the forms that are attached to its stage."""

from collections.abc import Iterator
from uuid import UUID

from genjin.templates.model import FormSpec, Stage, Template
from genjin_api.forms.state import FormRecord, copies
from genjin_api.projects.state import Project
from genjin_api.stages.gate.check import Check


def of_forms(project: Project, template: Template, stage: Stage) -> Iterator[Check]:
    for form in stage.forms:
        spec = template.forms[form]
        if spec.required:
            yield _form(form, counted(project, form, spec), spec.signed_by)


def counted(project: Project, form: str, spec: FormSpec) -> list[FormRecord]:
    """The copies that a gate takes: of a form of each visit, those saved since the stage was entered."""
    records = copies(project.forms, form)
    if not spec.each_visit:
        return records
    ordinal = project.course.current.ordinal
    return [record for record in records if record.saved_in >= ordinal]


def rests_on(records: list[FormRecord]) -> tuple[UUID, ...]:
    return tuple(event for record in records for event in record.rests_on())


def _form(form: str, records: list[FormRecord], signed_by: tuple[str, ...]) -> Check:
    """Every copy of a repeatable form counts: a half-filled second visit report is unfinished work."""
    events = rests_on(records)
    if not records:
        return Check("form_missing", form, False, "missing")
    if any(record.state != "complete" for record in records):
        return Check("form_incomplete", form, False, "draft", events)
    if not all(record.is_signed(signed_by) for record in records):
        missing = [
            role for role in signed_by if not all(role in record.signatures for record in records)
        ]
        return Check("form_unsigned", form, False, missing, events)
    return Check("form_missing", form, True, "signed" if signed_by else "complete", events)
