"""What a complete form says of the people inside the customer becomes facts of theirs, in the form's own commit. Pure.

A row is about the contact whose subject it is sealed for. Rows of people whom the workspace has no contact of, or whom
the writer may not take up, stay in the form alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from genjin.stakeholders.events import StakeholderFact
from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import Places, open_places
from genjin.templates.binding import FormBinding
from genjin_api.forms.state import FormRecord
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.replacing import replace
from genjin_api.stakeholders.commands import Attitude, ScoreRelationship, attitude_of
from genjin_api.stakeholders.decider import (
    SCORES_MAX,
    STAKEHOLDERS_MAX,
    changed,
    identified,
    scored,
)
from genjin_api.stakeholders.lines import refuse_line
from genjin_api.stakeholders.state import Stakeholder, Stakeholders

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Customer:
    """Whom the writer may take up: contacts by their subject; and how the project's stakeholders are called."""

    contacts: Mapping[str, UUID]
    names: Mapping[str, UUID]


@dataclass(slots=True)
class _Said:
    """What a form says of one contact, all its rows together."""

    roles: set[str]
    reports_to: UUID | None
    attitude: dict[str, Any] = field(default_factory=dict)
    scores: list[tuple[Row, ScoreRelationship]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written, by contact and its subject; unsealed still."""

    project: Project
    binding: FormBinding
    before: FormRecord | None
    said: Mapping[tuple[UUID, str], _Said] = field(default_factory=dict)

    def facts(self, keys: Mapping[str, bytes]) -> list[StakeholderFact] | Refusal:
        """Sealed with the keys of the subjects, which the form's own values are sealed with."""
        known = self._rows_before(keys)
        facts: list[StakeholderFact] = []
        for (contact_id, subject), said in self.said.items():
            who = contact_id, UUID(subject)
            told = self._told_before(who, len(said.scores))
            scores = [
                score for row, score in said.scores if row not in known and not told(score, keys)
            ]
            stakeholder = self.project.stakeholders.get(str(contact_id))
            if (len(stakeholder.scores) if stakeholder else 0) + len(scores) > SCORES_MAX:
                return Refusal("limit_reached", f"a stakeholder has {SCORES_MAX} scores at most")
            facts += _facts(self.project, who, said, scores, keys)
        return facts

    def _told_before(
        self, who: tuple[UUID, UUID], count: int
    ) -> Callable[[ScoreRelationship, Mapping[str, bytes]], bool]:
        """Whether a score is one of so many newest ones of the contact, where the form was a draft until now: what it
        said when it was complete before, if it was, is not kept. Its first draft was not.
        """
        before, (contact_id, subject_id) = self.before, who
        stakeholder = self.project.stakeholders.get(str(contact_id))
        was_revised = before is not None and before.state == "draft" and before.revision > 1
        kept = list(stakeholder.scores.values()) if stakeholder and was_revised else []
        newest = kept[max(0, len(kept) - count) :]

        def told(score: ScoreRelationship, keys: Mapping[str, bytes]) -> bool:
            return any(
                scored(self.project.id, contact_id, subject_id, one.number, score, keys).values
                == one.values
                for one in newest
            )

        return told

    def _rows_before(self, keys: Mapping[str, bytes]) -> list[Row]:
        before = self.before
        if before is None or before.state != "complete":
            return []
        context = form_context(self.project.id, before.form, before.copy_number)
        opened = open_places(before.values, before.subjects, keys, context)
        return [row for _, row in _rows(self.binding, opened.values)]


def told_by_form(
    project: Project,
    binding: FormBinding,
    values: Mapping[str, Any],
    subjects: Places,
    before: FormRecord | None,
    customer: Customer,
    today: date,
) -> Told | Refusal:
    """subjects: whose the values are, by place. before: the form's revision until now: a score that stands there
    already is no news.
    """
    said: dict[tuple[UUID, str], _Said] = {}
    for place, row in _rows(binding, values):
        subject = _subject_of(place, subjects)
        contact_id = customer.contacts.get(subject) if subject else None
        if subject is None or contact_id is None:
            continue
        known = _active(project.stakeholders, contact_id)
        about = said.setdefault(
            (contact_id, subject),
            _Said(set(known.roles) if known else set(), known.reports_to if known else None),
        )
        if refusal := _add(about, binding, row, customer, today, place):
            return refusal
        lines = _with_lines(project.stakeholders, said)
        if refusal := refuse_line(lines, contact_id, about.reports_to):
            return field_refusal(refusal.code, pointer("values") + place, refusal.detail)
    new = sum(str(contact_id) not in project.stakeholders for contact_id, _ in said)
    if len(project.stakeholders) + new > STAKEHOLDERS_MAX:
        return Refusal("limit_reached", f"a project has {STAKEHOLDERS_MAX} stakeholders at most")
    return Told(project, binding, before, said)


def _rows(binding: FormBinding, values: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Each with its place."""
    if binding.rows is None:
        return [("", values)]
    listed = values.get(binding.rows)
    rows = enumerate(listed) if isinstance(listed, list) else ()
    return [(pointer(binding.rows, index), row) for index, row in rows if isinstance(row, dict)]


def _subject_of(place: str, subjects: Places) -> str | None:
    """Who the row is about: whose the most of it is."""
    counts = {
        subject: sum(f"{one}/".startswith(f"{place}/") for one in of_subject)
        for subject, of_subject in subjects.items()
    }
    found = max(counts, key=lambda subject: counts[subject], default=None)
    return found if found is not None and counts[found] else None


def _add(
    about: _Said,
    binding: FormBinding,
    row: Row,
    customer: Customer,
    today: date,
    place: str,
) -> Refusal | None:
    if binding.role:
        about.roles.add(binding.role)
    if binding.roles and (role := binding.roles.values.get(str(row.get(binding.roles.field)))):
        about.roles.add(role)
    line = binding.line
    if line and row.get(line.field) == line.value:
        about.reports_to = customer.names.get(str(row.get(line.above)), about.reports_to)
    attitude = {ours: row[theirs] for theirs, ours in binding.attitude.items() if theirs in row}
    try:
        about.attitude |= attitude_of(Attitude.model_validate(attitude))
        if binding.score:
            about.scores.append((row, _score(binding, row, today)))
    except ValidationError as error:
        detail = error.errors()[0]["msg"]
        return field_refusal("field_invalid", pointer("values") + place, detail)
    return None


def _score(binding: FormBinding, row: Row, today: date) -> ScoreRelationship:
    score = binding.score
    assert score is not None, "who asks for a score has one"
    fields = {
        "scores": score.scores,
        "evidence": score.evidence,
        "relation_stage": score.relation_stage,
        "gap": score.gap,
    }
    said = {ours: row[theirs] for ours, theirs in fields.items() if theirs and theirs in row}
    return ScoreRelationship.model_validate({**said, "assessed_on": today.isoformat()})


def _active(stakeholders: Stakeholders, contact_id: UUID) -> Stakeholder | None:
    known = stakeholders.get(str(contact_id))
    return known if known is not None and known.status == "active" else None


def _with_lines(stakeholders: Stakeholders, said: Mapping[tuple[UUID, str], _Said]) -> Stakeholders:
    """The stakeholders with the lines that the form has drawn up to here."""
    lines = {str(contact_id): about.reports_to for (contact_id, _), about in said.items()}
    return {
        key: one if key not in lines else _reporting(one, lines[key])
        for key, one in stakeholders.items()
    }


def _reporting(stakeholder: Stakeholder, reports_to: UUID | None) -> Stakeholder:
    return replace(stakeholder, reports_to=reports_to)


def _facts(
    project: Project,
    who: tuple[UUID, UUID],
    said: _Said,
    scores: Sequence[ScoreRelationship],
    keys: Mapping[str, bytes],
) -> list[StakeholderFact]:
    contact_id, subject_id = who
    known = _active(project.stakeholders, contact_id)
    roles = tuple(sorted(said.roles))
    facts: list[StakeholderFact] = []
    if known is None:
        values = {name: value for name, value in said.attitude.items() if value is not None}
        facts.append(identified(project.id, who, roles, said.reports_to, values, keys))
    elif fact := changed(project.id, known, roles, said.reports_to, said.attitude, keys):
        facts.append(fact)
    before = project.stakeholders.get(str(contact_id))
    number = len(before.scores) if before else 0
    for score in scores:
        number += 1
        facts.append(scored(project.id, contact_id, subject_id, number, score, keys))
    return facts
