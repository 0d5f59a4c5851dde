"""What a form says of one contact, and what of that it did not say before. Pure."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from genjin.templates.binding import FormBinding
from genjin_api.contacts.decider import ContactDetails, details_of
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.behind import LINE, role_place, value_place
from genjin_api.stakeholders.commands import Attitude, ScoreRelationship, attitude_of
from genjin_api.stakeholders.form_rows import Row

Who = tuple[UUID, UUID]
"""A contact, and its subject."""

_SCORE = ("scores", "evidence", "relation_stage", "gap")


@dataclass(slots=True)
class Said:
    """What a form says of one contact, all its rows together. superior is who is reported to as the form calls them.
    details are the contact's own.
    """

    roles: set[str] = field(default_factory=set)
    superior: str | None = None
    attitude: dict[str, Any] = field(default_factory=dict)
    scores: list[tuple[Row, ScoreRelationship]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)

    def places(self) -> set[str]:
        """Those of a stakeholder."""
        roles = {role_place(role) for role in self.roles}
        line = {LINE} if self.superior else set()
        return roles | line | {value_place(name) for name in self.attitude}

    def since(self, earlier: "Said") -> "Said":
        """What of it was not said earlier: whoever said otherwise in between has the newer word."""
        return Said(
            roles=self.roles - earlier.roles,
            superior=self.superior if self.superior != earlier.superior else None,
            attitude=_other(self.attitude, earlier.attitude),
            scores=[score for score in self.scores if score not in earlier.scores],
            details=_other(self.details, earlier.details),
        )


def _other(now: dict[str, Any], earlier: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in now.items() if earlier.get(name) != value}


def said_of_contact(binding: FormBinding, row: Row) -> dict[str, Any]:
    """The contact's own details in a row, or ValidationError. An empty text says nothing."""
    said = {ours: row[theirs] for theirs, ours in binding.contact.items() if row.get(theirs)}
    return details_of(ContactDetails.model_validate(said))


def add(about: Said, binding: FormBinding, row: Row, today: date, place: str) -> Refusal | None:
    if binding.role:
        about.roles.add(binding.role)
    if binding.roles and (role := binding.roles.values.get(str(row.get(binding.roles.field)))):
        about.roles.add(role)
    about.superior = superior_in(binding, row) or about.superior
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


def superior_in(binding: FormBinding, row: Row) -> str | None:
    """How the one is called who is reported to, where the row is a line."""
    line = binding.line
    if line is None or (line.field is not None and row.get(line.field) != line.value):
        return None
    return str(row.get(line.above) or "").strip() or None
