"""What a complete form says of the people inside the customer. form_facts.py makes facts of it. Pure.

A row is about the contact whose subject it is sealed for. Rows of people whom the workspace has no contact of, or whom
the writer may not take up, stay in the form alone. Who is reported to is named: a stakeholder of the project, or
somebody whom the same form takes up; another name is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from genjin.subjects.sealed_values import Places
from genjin.templates.binding import FormBinding
from genjin_api.contacts.decider import ContactDetails, details_of
from genjin_api.forms.state import FormRecord
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.behind import LINE, forms_at
from genjin_api.stakeholders.commands import Attitude, ScoreRelationship, attitude_of
from genjin_api.stakeholders.decider import STAKEHOLDERS_MAX
from genjin_api.stakeholders.form_facts import Said, Told, Who
from genjin_api.stakeholders.form_rows import Row, rows_of, subject_of
from genjin_api.stakeholders.lines import refuse_line
from genjin_api.stakeholders.state import active

CONTACTS_MAX = 100
"""Whose details one form changes: each has a stream of its own, and all go in one commit."""

_SCORE = ("scores", "evidence", "relation_stage", "gap")


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom the writer may take up: contacts by their subject; and how these and the project's stakeholders are called,
    those of a name of their own.
    """

    contacts: Mapping[str, UUID]
    names: Mapping[str, UUID]


def told_by_form(
    project: Project,
    binding: FormBinding,
    form: str,
    values: Mapping[str, Any],
    subjects: Places,
    before: FormRecord | None,
    customer: Customer,
    today: date,
) -> Told | Refusal:
    """form: its copy, as a key. subjects: whose the values are, by place. before: the form's revision until now: a
    score that stands there already is no news.
    """
    said: dict[Who, Said] = {}
    rows: list[tuple[str, Row, Who]] = []
    for place, row in rows_of(binding, values):
        subject = subject_of(place, subjects)
        contact_id = customer.contacts.get(subject) if subject else None
        if subject is None or contact_id is None:
            continue
        who = contact_id, UUID(subject)
        rows.append((place, row, who))
        about = said.setdefault(who, Said())
        if refusal := _add(about, binding, row, today, place):
            return refusal
    new = sum(str(contact_id) not in project.stakeholders for contact_id, _ in said)
    if len(project.stakeholders) + new > STAKEHOLDERS_MAX:
        return Refusal("limit_reached", f"a project has {STAKEHOLDERS_MAX} stakeholders at most")
    if binding.contact and len(said) > CONTACTS_MAX:
        return Refusal("limit_reached", f"a form changes {CONTACTS_MAX} contacts at most")
    if refusal := _draw_lines(project, binding, form, rows, said, customer):
        return refusal
    return Told(project, binding, form, before, said)


def said_of_contact(binding: FormBinding, row: Row) -> dict[str, Any]:
    """The contact's own details in a row, or ValidationError. An empty text says nothing."""
    said = {ours: row[theirs] for theirs, ours in binding.contact.items() if row.get(theirs)}
    return details_of(ContactDetails.model_validate(said))


def _add(about: Said, binding: FormBinding, row: Row, today: date, place: str) -> Refusal | None:
    if binding.role:
        about.roles.add(binding.role)
    if binding.roles and (role := binding.roles.values.get(str(row.get(binding.roles.field)))):
        about.roles.add(role)
    attitude = {ours: row[theirs] for theirs, ours in binding.attitude.items() if theirs in row}
    try:
        said = attitude_of(Attitude.model_validate(attitude))
        about.attitude |= {name: value for name, value in said.items() if value is not None}
        about.details |= said_of_contact(binding, row)
        if binding.score:
            about.scores.append((row, _score(binding, row, today)))
    except ValidationError as error:
        return _refused(error, binding, place)
    return None


def _refused(error: ValidationError, binding: FormBinding, place: str) -> Refusal:
    """At the form's field, where it is one that is named."""
    first = error.errors()[0]
    ours = next(iter(first["loc"]), None)
    fields = {**binding.attitude, **binding.contact}
    if binding.score:
        fields |= {theirs: name for name in _SCORE if (theirs := getattr(binding.score, name))}
    theirs = next((field for field, name in fields.items() if name == ours), None)
    at = pointer("values") + place + (pointer(theirs) if theirs else "")
    return field_refusal("field_invalid", at, first["msg"])


def _score(binding: FormBinding, row: Row, today: date) -> ScoreRelationship:
    fields = {ours: getattr(binding.score, ours) for ours in _SCORE}
    said = {ours: row[theirs] for ours, theirs in fields.items() if theirs and theirs in row}
    return ScoreRelationship.model_validate({**said, "assessed_on": today.isoformat()})


def _draw_lines(
    project: Project,
    binding: FormBinding,
    form: str,
    rows: Sequence[tuple[str, Row, Who]],
    said: Mapping[Who, Said],
    customer: Customer,
) -> Refusal | None:
    """Line by line, among all whom the form takes up; those that it drew alone before are gone."""
    lines = dict.fromkeys((contact_id for contact_id, _ in said), None) | {
        one.id: None if forms_at(one.from_forms, LINE) == {form} else one.reports_to
        for one in active(project.stakeholders)
    }
    for place, row, who in rows:
        name = _above(binding, row)
        if name is None:
            continue
        at, above = pointer("values") + place, customer.names.get(name)
        if above is None or above not in lines:
            rule = "no stakeholder of the project is called so, or more than one is"
            field = pointer(binding.line.above) if binding.line else ""
            return field_refusal("field_invalid", at + field, rule)
        if refusal := refuse_line(lines, who[0], above):
            return field_refusal(refusal.code, at, refusal.detail)
        said[who].reports_to = lines[who[0]] = above
    return None


def _above(binding: FormBinding, row: Row) -> str | None:
    """How the one is called who is reported to, where the row is a line."""
    line = binding.line
    if line is None or (line.field is not None and row.get(line.field) != line.value):
        return None
    return str(row.get(line.above) or "").strip() or None
