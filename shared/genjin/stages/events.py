"""Facts of a project's stages: what was done there, who judged it, how the project moved on."""

from datetime import date
from typing import Any, ClassVar, Literal
from uuid import UUID

from genjin.event import Fact

Verdict = Literal["advance", "hold", "return", "reject"]


class StageEntered(Fact):
    """visit counts the entries into this stage from 1; from_stage is null at the project's start."""

    type: ClassVar[str] = "stage.entered"
    stage: str
    visit: int
    from_stage: str | None


class ActualRecorded(Fact):
    """实际情况: the actual situation, written anew as a whole. facts_version counts what judgements rest on."""

    type: ClassVar[str] = "stage.actual_recorded"
    stage: str
    visit: int
    text: str
    facts_version: int


class ConditionMarked(Fact):
    type: ClassVar[str] = "stage.condition_marked"
    stage: str
    visit: int
    condition: str
    met: bool
    evidence: str
    facts_version: int


class StageJudged(Fact):
    type: ClassVar[str] = "stage.judged"
    stage: str
    visit: int
    role: str
    verdict: Verdict
    comment: str
    facts_version: int


class JudgementWithdrawn(Fact):
    """The role's judgement counts no more; it stays readable in the history."""

    type: ClassVar[str] = "stage.judgement_withdrawn"
    stage: str
    visit: int
    role: str
    reason: str


class ReviewRequested(Fact):
    """A new round of judgements: those of earlier rounds count no more. round counts from 1; what is judged before the
    first is in round 0.
    """

    type: ClassVar[str] = "stage.review_requested"
    stage: str
    visit: int
    round: int
    note: str


class ConditionApproved(Fact):
    """One role's word on a condition that asks for approval. revisions are those of the form's copies that it is about,
    empty where it is about the facts of the stage.
    """

    type: ClassVar[str] = "stage.condition_approved"
    stage: str
    visit: int
    condition: str
    role: str
    approved: bool
    comment: str
    facts_version: int
    revisions: dict[str, int]


class FollowUpSet(Fact):
    type: ClassVar[str] = "follow_up.set"
    follow_up_id: UUID
    stage: str
    visit: int
    role: str
    action: str
    owner_id: UUID
    owner_name: str
    due_on: date


class FollowUpCompleted(Fact):
    """days_late counts the workspace's calendar days past the due date; 0 when in time."""

    type: ClassVar[str] = "follow_up.completed"
    follow_up_id: UUID
    result: str
    days_late: int


class StageAdvanced(Fact):
    """receipt holds every check of the gate with its value and the events that it rests on."""

    type: ClassVar[str] = "stage.advanced"
    stage: str
    visit: int
    to_stage: str
    receipt: dict[str, Any]


class StageSkipped(Fact):
    """A stage that was passed over on the way from one to another, by a rule of the template."""

    type: ClassVar[str] = "stage.skipped"
    stage: str
    from_stage: str
    to_stage: str
    reason: str


class GateOverridden(Fact):
    """Somebody let the project through although these checks did not pass. The advance follows in the same commit."""

    type: ClassVar[str] = "gate.overridden"
    stage: str
    visit: int
    blockers: list[dict[str, Any]]
    reason: str


class AdvanceRefused(Fact):
    """Somebody tried to leave a stage whose gate was closed, or by exits that were: then each is a blocker, its subject
    where it leads, its value the condition. Kept, for it shows where a process hurts.
    """

    type: ClassVar[str] = "stage.advance_refused"
    stage: str
    visit: int
    blockers: list[dict[str, Any]]


class StageReturned(Fact):
    type: ClassVar[str] = "stage.returned"
    stage: str
    visit: int
    to_stage: str
    reason: str


StageFact = (
    StageEntered
    | ActualRecorded
    | ConditionMarked
    | StageJudged
    | JudgementWithdrawn
    | ReviewRequested
    | ConditionApproved
    | FollowUpSet
    | FollowUpCompleted
    | StageAdvanced
    | StageSkipped
    | GateOverridden
    | AdvanceRefused
    | StageReturned
)
