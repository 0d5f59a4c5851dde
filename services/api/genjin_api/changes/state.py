"""A project's change requests as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.changes.events import (
    ChangeApplied,
    ChangeAssessed,
    ChangeDecided,
    ChangeFact,
    ChangeRaised,
    ChangeSubmitted,
    ChangeWithdrawn,
    Decision,
    Impact,
)
from genjin.event import Stamp
from genjin_api.replacing import replace

Status = Literal["raised", "submitted", "approved", "rejected", "deferred", "applied", "withdrawn"]

STATUS_OF_DECISION: Mapping[Decision, Status] = {
    "approve": "approved",
    "approve_with_conditions": "approved",
    "reject": "rejected",
    "defer": "deferred",
}


@dataclass(frozen=True)  # no slots: replaced with every event
class ChangeRequest:
    """decider_id is the person who decided it, decided_at when; a withdrawal is no decision."""

    id: UUID
    requirement_id: UUID
    base_revision: int
    title: str
    reason: str
    proposed_title: str
    proposed_text: str
    stages: tuple[str, ...]
    requested_by: str
    requester_id: UUID
    raised_at: datetime
    status: Status
    impact: Impact | None = None
    decision: Decision | None = None
    decision_comment: str = ""
    conditions: tuple[str, ...] = ()
    review_on: date | None = None
    decider_id: UUID | None = None
    withdrawal_reason: str = ""
    decided_at: datetime | None = None

    def is_undecided(self, today: date) -> bool:
        """A deferred change is undecided again from its review date on."""
        if self.status == "deferred":
            return self.review_on is not None and self.review_on <= today
        return self.status in ("raised", "submitted")


ChangeRequests = Mapping[str, ChangeRequest]


def evolve(changes: ChangeRequests, fact: ChangeFact, stamp: Stamp) -> ChangeRequests:
    key = str(fact.change_id)
    match fact:
        case ChangeRaised():
            now = _raised(fact, stamp)
        case ChangeAssessed():
            now = replace(changes[key], impact=fact.impact)
        case ChangeSubmitted():
            now = replace(changes[key], status="submitted")
        case ChangeDecided():
            now = replace(
                changes[key],
                status=STATUS_OF_DECISION[fact.decision],
                decision=fact.decision,
                decision_comment=fact.comment,
                conditions=tuple(fact.conditions),
                review_on=fact.review_on,
                decider_id=stamp.actor.id,
                decided_at=stamp.occurred_at,
            )
        case ChangeApplied():
            now = replace(changes[key], status="applied")
        case ChangeWithdrawn():
            now = replace(
                changes[key],
                status="withdrawn",
                withdrawal_reason=fact.reason,
            )
        case _:
            assert_never(fact)
    return {**changes, key: now}


def renamed_stages(changes: ChangeRequests, keys: Mapping[str, str]) -> ChangeRequests:
    """After a migration: old keys of stages to new ones, each one once."""
    return {
        key: replace(
            one, stages=tuple(dict.fromkeys(keys.get(stage, stage) for stage in one.stages))
        )
        if keys.keys() & set(one.stages)
        else one
        for key, one in changes.items()
    }


def _raised(fact: ChangeRaised, stamp: Stamp) -> ChangeRequest:
    return ChangeRequest(
        id=fact.change_id,
        requirement_id=fact.requirement_id,
        base_revision=fact.base_revision,
        title=fact.title,
        reason=fact.reason,
        proposed_title=fact.proposed_title,
        proposed_text=fact.proposed_text,
        stages=tuple(fact.stages),
        requested_by=fact.requested_by,
        requester_id=stamp.actor.id,
        raised_at=stamp.occurred_at,
        status="raised",
    )
