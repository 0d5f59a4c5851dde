"""The corrections of a project, and the visits whose receipts they mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from genjin.corrections.events import CorrectionFact, ReceiptReference
from genjin.event import Stamp
from genjin_api.corrections.basis import CorrectedBasis
from genjin_api.replacing import replace
from genjin_api.stages.state import Course, raise_facts, visit_key


@dataclass(frozen=True, slots=True)
class EntryCorrection:
    """correction_event_id is the event that corrects, corrected_event_id the one that it names."""

    correction_event_id: UUID
    corrected_event_id: UUID
    corrected_type: str
    reason: str
    note: str
    receipts: tuple[ReceiptReference, ...]
    person_id: UUID
    person_name: str
    at: datetime


# By the id of the corrected event, oldest first.
Corrections = Mapping[str, EntryCorrection]


def evolve(corrections: Corrections, fact: CorrectionFact, stamp: Stamp) -> Corrections:
    correction = EntryCorrection(
        correction_event_id=stamp.event_id,
        corrected_event_id=fact.event_id,
        corrected_type=fact.event_type,
        reason=fact.reason,
        note=fact.note,
        receipts=fact.receipts,
        person_id=stamp.actor.id,
        person_name=stamp.actor.name,
        at=stamp.occurred_at,
    )
    return {**corrections, str(fact.event_id): correction}


def mark(course: Course, fact: CorrectionFact, stamp: Stamp) -> Course:
    """The course with the receipts marked that rest on the corrected event, and the judgements of now made stale."""
    basis = CorrectedBasis(fact.event_id, stamp.event_id, stamp.occurred_at)
    visits = dict(course.visits)
    for receipt in fact.receipts:
        key = visit_key(receipt.stage, receipt.visit)
        marked = (*visits[key].basis_corrected, basis)
        visits[key] = replace(visits[key], basis_corrected=marked)
    course = replace(course, visits=visits)
    return course if fact.facts_version is None else raise_facts(course, fact.facts_version)
