"""What a complete form says of the people inside the customer. form_facts.py makes facts of it. Pure.

A row is about the contact whose subject it is sealed for. Rows of people whom the workspace has no contact of, or whom
the writer may not take up, stay in the form alone. Who is reported to is named: a stakeholder of the project, or
somebody whom the same form takes up; another name is refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from genjin.subjects.sealed_values import Places
from genjin.templates.binding import FormBinding
from genjin_api.forms.completed import Completed
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.decider import STAKEHOLDERS_MAX
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.form_rows import Row, rows_of, subject_of
from genjin_api.stakeholders.form_words import Said, Who, add

CONTACTS_MAX = 100
"""Whose details one form changes: each has a stream of its own, and all go in one commit."""


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
    before: Completed | None,
    customer: Customer,
    today: date,
) -> Told | Refusal:
    """form: its copy, as a key. subjects: whose the values are, by place. before: the newest complete revision until
    now: what that said already is no news.
    """
    said: dict[Who, Said] = {}
    rows: list[tuple[str, Row, UUID]] = []
    for place, row in rows_of(binding, values):
        subject = subject_of(place, subjects)
        contact_id = customer.contacts.get(subject) if subject else None
        if subject is None or contact_id is None:
            continue
        who = contact_id, UUID(subject)
        rows.append((place, row, contact_id))
        about = said.setdefault(who, Said())
        if refusal := add(about, binding, row, today, place):
            return refusal
    new = sum(str(contact_id) not in project.stakeholders for contact_id, _ in said)
    if len(project.stakeholders) + new > STAKEHOLDERS_MAX:
        return Refusal("limit_reached", f"a project has {STAKEHOLDERS_MAX} stakeholders at most")
    told = Told(project, binding, form, before, said, rows, customer.names, today)
    if binding.contact and len(told.contacts()) > CONTACTS_MAX:
        rule = f"a form changes {CONTACTS_MAX} contacts at most, with those that it said something of before"
        return Refusal("limit_reached", rule)
    return told
