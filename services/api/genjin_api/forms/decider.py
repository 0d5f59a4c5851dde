"""The command on a project's attached forms: save, as a draft or complete, later as a revision. signing.py signs."""

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID, uuid5

from pydantic import Field, StringConstraints

from genjin.event import Fact
from genjin.forms.events import FormCompleted, FormDrafted, FormRevised
from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import Places, seal_places
from genjin.templates.model import FormSpec, Template
from genjin_api.acting import Caller, Decided, Decision, Unsealed
from genjin_api.changes.control import is_under_control, refuse_uncontrolled
from genjin_api.fields import Command, Count, Flag, OptionalProse, example
from genjin_api.forms.personal import personal_places, whose
from genjin_api.forms.state import FormRecord, copies, form_key, named_in
from genjin_api.forms.validation import Checked, blocking, unknown_fields
from genjin_api.projects.access import refuse_if_closed, refuse_unless_named, role_named
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

SUBJECTS_MAX = 200
_PUBLIC: Mapping[str, Any] = {"subjects": {}, "own_subject": None}
Pointer = Annotated[str, StringConstraints(pattern=r"^(/([^/~]|~0|~1)*)*$", max_length=500)]


# Of the places of each subject, what makes facts of the values with their keys; or why the form cannot be saved.
Facts = Callable[[Mapping[str, bytes]], Sequence[Fact] | Refusal]
Besides = Callable[[Places], Sequence[Facts] | Refusal]


class SaveForm(Command):
    """The form's whole values. A draft may be incomplete; `complete: true` asks for values that fit the schema.

    A form that was completed changes only as a new revision, with a reason, and needs its signatures anew.
    """

    model_config = example(
        values={"project_name": "滨海新区污水处理厂"},
        complete=False,
    )

    values: dict[str, Any] = Field(max_length=200)
    change_id: UUID | None = Field(
        None,
        description="the approved change request that the revision carries out; asked for where the template puts the"
        " form under change control",
    )
    complete: Flag = False
    reason: OptionalProse = ""
    copy_number: Count = Field(1, ge=1, le=100, description="which copy of a repeatable form")
    subjects: dict[UUID, Annotated[list[Pointer], Field(max_length=SUBJECTS_MAX)]] | None = Field(
        None,
        max_length=SUBJECTS_MAX,
        description="whose personal data stands where: by an id of yours for the person, JSON Pointers into values, as"
        " /people/0; an empty one is all of them. The same id in other forms is the same person. What is named nowhere"
        " is the form's own. Once persons were named, say it each time: {} for nobody",
        examples=[{"019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e77": ["/name"]}],
    )


def save(
    project: Project,
    template: Template,
    form: str,
    command: SaveForm,
    caller: Caller,
    language: str = "en",
    besides: Besides = lambda _subjects: (),
) -> Decision:
    """language is that of the words in a refusal, here and below. besides: what the values tell of others than the
    form, said in the same commit; it knows whose they are.
    """
    spec = template.forms.get(form)
    if spec is None:
        return not_found("form", form)
    if refusal := refuse_if_closed(project) or refuse_unless_named(
        project, template, caller, spec.by
    ):
        return refusal
    if refusal := _refuse_copy(project, form, spec, command) or _refuse_values(
        project, form, spec, command, language
    ):
        return refusal
    record = project.forms.get(form_key(form, command.copy_number))
    if refusal := _refuse_revision(project, template, spec, command, record):
        return refusal
    role = role_named(project, caller, spec.by)
    if not spec.restricted:
        if command.subjects:
            rule = "this form holds no personal data"
            return field_refusal("field_invalid", "/subjects", rule)
        return Decided([_saved(project, template, form, spec, command, record, _PUBLIC)], role)
    own_subject = _own_subject(project, form, command, record)
    subjects = _subjects(spec, command, record, own_subject)
    if isinstance(subjects, Refusal):
        return subjects
    context = form_context(project.id, form, command.copy_number)
    more = besides(subjects) if command.complete else ()
    if isinstance(more, Refusal):
        return more

    def seal(keys: Mapping[str, bytes]) -> Decided | Refusal:
        sealed = {
            "values": seal_places(command.values, subjects, keys, context),
            "subjects": subjects,
            "own_subject": own_subject if str(own_subject) in subjects else None,
        }
        saved = _saved(project, template, form, spec, command, record, sealed)
        told = _told(more, keys)
        return told if isinstance(told, Refusal) else Decided([saved, *told], role)

    return Unsealed(subjects.keys(), seal)


def _told(more: Sequence[Facts], keys: Mapping[str, bytes]) -> list[Fact] | Refusal:
    found: list[Fact] = []
    for facts in more:
        told = facts(keys)
        if isinstance(told, Refusal):
            return told
        found += told
    return found


def _subjects(
    spec: FormSpec, command: SaveForm, record: FormRecord | None, own_subject: UUID
) -> Mapping[str, tuple[str, ...]] | Refusal:
    """Whose values stand where. A client that knows nothing of the persons whom another one named cannot make their
    values nobody's by saving them again.
    """
    if command.subjects is None and record is not None and named_in(record):
        rule = "the form names persons: say whose the values are, {} for nobody"
        return field_refusal("field_invalid", "/subjects", rule)
    named: dict[str, UUID] = {}
    for subject, pointers in (command.subjects or {}).items():
        for pointer in pointers:
            if named.setdefault(pointer, subject) != subject:
                rule = f"{pointer or 'everything'} is of one person alone"
                return field_refusal("field_invalid", f"/subjects/{subject}", rule)
    if len(named) > SUBJECTS_MAX:
        rule = f"holds more than {SUBJECTS_MAX} pointers"
        return field_refusal("field_invalid", "/subjects", rule)
    places = personal_places(spec.json_schema, command.values)
    return whose(command.values, places, named, own_subject)


def _own_subject(project: Project, form: str, command: SaveForm, record: FormRecord | None) -> UUID:
    """Each copy of a form has one of its own, and another one after that was erased."""
    if record is not None and record.own_subject is not None:
        return record.own_subject
    after = f" after {record.saved_by}" if record else ""
    return uuid5(project.id, f"{form}:{command.copy_number}{after}")


def _refuse_revision(
    project: Project,
    template: Template,
    spec: FormSpec,
    command: SaveForm,
    record: FormRecord | None,
) -> Refusal | None:
    """A draft could be completed after its change was applied, so none takes the place of what is controlled."""
    if record is None or record.state != "complete":
        if command.change_id is None:
            return None
        rule = "a change request is named by the revision of a completed form alone"
        return field_refusal("field_invalid", "/change_id", rule)
    if not command.reason:
        return field_refusal(
            "reason_required", "/reason", "a completed form is revised for a reason"
        )
    since = spec.under_change_control_from
    if not command.complete and is_under_control(project, template, since):
        rule = "under change control a form is revised as a whole"
        return field_refusal("field_invalid", "/complete", rule)
    return refuse_uncontrolled(project, template, since, command.change_id)


def _refuse_copy(project: Project, form: str, spec: FormSpec, command: SaveForm) -> Refusal | None:
    if command.copy_number > 1 and not spec.repeatable:
        return Refusal("form_not_repeatable", f"{form} has one copy")
    if command.copy_number > len(copies(project.forms, form)) + 1:
        return field_refusal(
            "field_invalid", "/copy_number", "copies are numbered one after the other"
        )
    return None


def _refuse_values(
    project: Project, form: str, spec: FormSpec, command: SaveForm, language: str
) -> Refusal | None:
    if command.complete:
        body_hash = project.template.body_hash
        checked = Checked(body_hash, form, spec, command.values, project.documents)
        found = blocking(checked, language)
    else:
        found = unknown_fields(spec.json_schema, command.values, language)
    if not found:
        return None
    errors = [one.as_error() for one in found]
    return Refusal("form_invalid", "the values do not fit the form", errors=errors)


def _saved(
    project: Project,
    template: Template,
    form: str,
    spec: FormSpec,
    command: SaveForm,
    record: FormRecord | None,
    sealed: Mapping[str, Any],
) -> FormDrafted | FormCompleted | FormRevised:
    common: dict[str, Any] = {
        "form": form,
        "copy_number": command.copy_number,
        "revision": record.revision + 1 if record else 1,
        "values": command.values,
        "restricted": spec.restricted,
        **sealed,
    }
    facts_version = _facts_version(project, template, form)
    if record and record.state == "complete":
        return FormRevised(
            **common,
            complete=command.complete,
            reason=command.reason,
            facts_version=facts_version,
            change_id=command.change_id,
        )
    if command.complete:
        return FormCompleted(**common, facts_version=facts_version)
    return FormDrafted(**common)


def _facts_version(project: Project, template: Template, form: str) -> int | None:
    """Of the current visit, after a change of the form. One that stages ahead carry alone comes out of a judgement at
    the earliest: none of this visit rests on it.
    """
    course, visit = project.course, project.course.current
    carrying = {stage.key for stage in template.stages if form in stage.forms}
    if visit.stage in carrying:
        return visit.facts_version + 1
    been = {known.stage for known in course.visits.values()} | set(course.passed)
    return visit.after_a_change if carrying & been or not carrying else None
