"""The signature on a form: it is of one revision, with the documents that go with it, and by the holder of one role."""

from pydantic import Field

from genjin.forms.events import FormSigned
from genjin.templates.model import FormSpec, Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Count, Key, example
from genjin_api.forms.links import signed_documents
from genjin_api.forms.state import FormRecord, form_key
from genjin_api.forms.validation import Checked, blocking
from genjin_api.projects.access import refuse_if_closed, refuse_unless_holder
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.gate.slots import gates_of, refuse_apart


class SignForm(Command):
    """A signature on the revision that is shown."""

    model_config = example(
        role="marketer",
        revision=2,
    )

    role: Key
    revision: Count = Field(ge=1)
    copy_number: Count = Field(1, ge=1, le=100)


def sign(
    project: Project,
    template: Template,
    form: str,
    command: SignForm,
    caller: Caller,
    language: str = "en",
) -> Decision:
    spec = template.forms.get(form)
    record = project.forms.get(form_key(form, command.copy_number))
    if spec is None or record is None:
        return not_found("form", form)
    if refusal := refuse_if_closed(project):
        return refusal
    if command.role not in spec.signed_by:
        signers = ", ".join(spec.signed_by) or "nobody"
        return field_refusal("field_invalid", "/role", f"this form is signed by: {signers}")
    if refusal := refuse_unless_holder(project, caller, command.role):
        return refusal
    found = blocking(_checked_as_kept(project, form, spec, record), language)
    errors = [one.as_error() for one in found]
    if record.state != "complete":
        return Refusal("form_not_complete", "a draft cannot be signed", errors=errors)
    if record.revision != command.revision:
        return Refusal(
            "facts_changed", f"the form is at revision {record.revision} now: read it again"
        )
    if refusal := _refuse_signer(project, template, spec, record, command.role, caller):
        return refusal
    if errors:
        return Refusal("form_invalid", "the values do not fit the form any more", errors=errors)
    fact = FormSigned(
        form=form,
        copy_number=command.copy_number,
        revision=record.revision,
        role=command.role,
        documents=signed_documents(record, project.documents),
    )
    return Decided([fact], command.role)


def _refuse_signer(
    project: Project,
    template: Template,
    spec: FormSpec,
    record: FormRecord,
    role: str,
    caller: Caller,
) -> Refusal | None:
    """Nobody signs one revision twice, nor for a role kept apart from one that they spoke for at a gate of the form."""
    if spec.four_eyes and caller.person_id == record.author_id:
        return Refusal("self_signature", "who saved this revision does not sign it")
    if role in record.signatures:
        return Refusal("form_already_signed", f"{role} has signed this revision already")
    for other, signature in record.signatures.items():
        if other in spec.signed_by and signature.person_id == caller.person_id:
            return Refusal("second_slot_refused", f"you have signed this revision as {other}")
    for stage in gates_of(template, record.form):
        if refusal := refuse_apart(project, template, stage, caller, role):
            return refusal
    return None


def _checked_as_kept(project: Project, form: str, spec: FormSpec, record: FormRecord) -> Checked:
    """Nothing is said of values that are sealed: they were looked at when they were saved as complete."""
    return Checked(
        body_hash=project.template.body_hash,
        form=form,
        spec=spec,
        values=record.values,
        documents=project.documents,
        hidden=[place for places in record.subjects.values() for place in places],
    )
