"""The people inside a project's customer as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, TypeVar, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.stakeholders.events import (
    RelationshipScored,
    StakeholderChanged,
    StakeholderErased,
    StakeholderFact,
    StakeholderIdentified,
    StakeholderRemoved,
)
from genjin.subjects.sealed_values import clear_places
from genjin_api.contacts.state import places_of_person
from genjin_api.replacing import replace
from genjin_api.stakeholders.behind import LINE, FromForms, behind, role_place, value_place

Places = Mapping[str, tuple[str, ...]]
Kept = TypeVar("Kept", "Stakeholder", "Score")


@dataclass(frozen=True)  # no slots: replaced when its subject is erased
class Score:
    """How the relationship stood on a day, by the dimensions of values, which are sealed. form: the copy of the one
    that told of it.
    """

    number: int
    assessed_on: date
    values: Mapping[str, Any]
    subjects: Places
    scored_at: datetime
    scored_by: UUID
    scorer_name: str
    event_id: UUID
    form: str | None = None


@dataclass(frozen=True)  # no slots: replaced with every event
class Stakeholder:
    """id is the contact's; reports_to that of another stakeholder. values are sealed at the places of subjects, null
    where the person was erased. scores are by their number, none is ever taken away. from_forms are the places that
    forms stand behind, each with one; what stands without one was said by hand.
    """

    id: UUID
    subject_id: UUID
    roles: tuple[str, ...]
    reports_to: UUID | None
    values: Mapping[str, Any]
    subjects: Places
    identified_at: datetime
    identified_by: UUID
    event_id: UUID
    restricted: bool = True
    status: Literal["active", "removed"] = "active"
    removal_reason: str = ""
    scores: Mapping[str, Score] = field(default_factory=dict)
    from_forms: FromForms = ()


Stakeholders = Mapping[str, Stakeholder]


def active(stakeholders: Stakeholders) -> list[Stakeholder]:
    return [one for one in stakeholders.values() if one.status == "active"]


def holds(stakeholder: Stakeholder, subject_id: UUID) -> bool:
    """Whether values of a subject stand in a stakeholder, or in its scores, still, sealed."""
    kept = (stakeholder.values, *(score.values for score in stakeholder.scores.values()))
    return stakeholder.subject_id == subject_id and any(
        value is not None for values in kept for value in values.values()
    )


def evolve(stakeholders: Stakeholders, fact: StakeholderFact, stamp: Stamp) -> Stakeholders:
    key = str(fact.contact_id)
    known = stakeholders.get(key)
    match fact:
        case StakeholderIdentified():
            return {**stakeholders, key: _identified(known, fact, stamp)}
        case StakeholderRemoved():
            return _removed(stakeholders, fact, stamp)
        case _:
            assert known is not None, "what is changed was identified before"
            return {**stakeholders, key: _changed(known, fact, stamp)}


def _identified(
    known: Stakeholder | None, fact: StakeholderIdentified, stamp: Stamp
) -> Stakeholder:
    return Stakeholder(
        id=fact.contact_id,
        subject_id=fact.subject_id,
        roles=fact.roles,
        reports_to=fact.reports_to,
        values=fact.values,
        subjects=fact.subjects,
        identified_at=stamp.occurred_at,
        identified_by=stamp.actor.id,
        event_id=stamp.event_id,
        scores=known.scores if known else {},
        from_forms=behind((), fact),
    )


def _removed(stakeholders: Stakeholders, fact: StakeholderRemoved, stamp: Stamp) -> Stakeholders:
    """Lines that led to who is no longer there end."""
    after = {
        key: _without_line(one) if one.reports_to == fact.contact_id else one
        for key, one in stakeholders.items()
    }
    key = str(fact.contact_id)
    gone = replace(
        after[key], status="removed", removal_reason=fact.reason, event_id=stamp.event_id
    )
    return {**after, key: gone}


def _without_line(stakeholder: Stakeholder) -> Stakeholder:
    left = tuple(pair for pair in stakeholder.from_forms if pair[0] != LINE)
    return replace(stakeholder, reports_to=None, from_forms=left)


def _changed(
    stakeholder: Stakeholder,
    fact: StakeholderChanged | RelationshipScored | StakeholderErased,
    stamp: Stamp,
) -> Stakeholder:
    match fact:
        case StakeholderChanged():
            merged = {**stakeholder.values, **fact.values}
            values = {name: value for name, value in merged.items() if value is not None}
            return replace(
                stakeholder,
                roles=fact.roles,
                reports_to=fact.reports_to,
                values=values,
                subjects=places_of_person(stakeholder.subject_id, values),
                event_id=stamp.event_id,
                from_forms=behind(_unmoved(stakeholder, fact), fact),
            )
        case RelationshipScored():
            scores = {**stakeholder.scores, str(fact.number): _score(fact, stamp)}
            return replace(stakeholder, scores=scores, event_id=stamp.event_id)
        case StakeholderErased():
            return _erased(stakeholder)
        case _:
            assert_never(fact)


def _unmoved(stakeholder: Stakeholder, fact: StakeholderChanged) -> FromForms:
    """Of the forms behind it those whose word still stands."""
    moved = {value_place(name) for name in fact.values}
    moved |= {role_place(role) for role in stakeholder.roles if role not in fact.roles}
    if fact.reports_to != stakeholder.reports_to:
        moved.add(LINE)
    return tuple(pair for pair in stakeholder.from_forms if pair[0] not in moved)


def _score(fact: RelationshipScored, stamp: Stamp) -> Score:
    return Score(
        number=fact.number,
        assessed_on=fact.assessed_on,
        values=fact.values,
        subjects=fact.subjects,
        scored_at=stamp.occurred_at,
        scored_by=stamp.actor.id,
        scorer_name=stamp.actor.name,
        event_id=stamp.event_id,
        form=fact.form,
    )


def _erased(stakeholder: Stakeholder) -> Stakeholder:
    """Everything that is sealed of a stakeholder is of its one subject."""
    scores = {number: _emptied(score) for number, score in stakeholder.scores.items()}
    return replace(_emptied(stakeholder), scores=scores)


def _emptied(kept: Kept) -> Kept:
    places = [place for of_subject in kept.subjects.values() for place in of_subject]
    return replace(kept, values=clear_places(kept.values, places))
