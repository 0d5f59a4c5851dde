"""A project's way through its stages: visits with their records and judgements, and the follow-ups."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from genjin.event import Stamp
from genjin.stages.events import (
    ActualRecorded,
    AdvanceRefused,
    ConditionApproved,
    ConditionMarked,
    FollowUpCompleted,
    FollowUpSet,
    GateOverridden,
    JudgementWithdrawn,
    ReviewRequested,
    StageAdvanced,
    StageEntered,
    StageFact,
    StageJudged,
    StageReturned,
    StageSkipped,
)
from genjin_api.corrections.basis import CorrectedBasis
from genjin_api.replacing import replace
from genjin_api.stages.follow_up_state import FollowUps, renamed_stages
from genjin_api.stages.follow_up_state import evolve as evolve_follow_ups


@dataclass(frozen=True, slots=True)
class Actual:
    text: str
    recorded_by: UUID
    recorder_name: str
    at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Mark:
    met: bool
    evidence: str
    marked_by: UUID
    at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Judgement:
    """Stale when facts_version is below the visit's, for the facts changed after it was given, or round is, for the
    judges were asked again.
    """

    verdict: str
    comment: str
    facts_version: int
    person_id: UUID
    person_name: str
    at: datetime
    event_id: UUID
    round: int = 0


@dataclass(frozen=True, slots=True)
class Approval:
    """One role's word on a condition. revisions are those of the form's copies that it is about."""

    condition: str
    role: str
    approved: bool
    comment: str
    facts_version: int
    revisions: Mapping[str, int]
    person_id: UUID
    person_name: str
    at: datetime
    event_id: UUID


@dataclass(frozen=True, slots=True)
class Skip:
    """A stage that was passed over."""

    stage: str
    from_stage: str
    to_stage: str
    reason: str
    at: datetime


@dataclass(frozen=True)  # no slots: replaced with every event
class Visit:
    """One stay in a stage. facts_version counts the facts that judgements rest on, from 0 at the entry; judgements are
    in the order in which they were given; spoken are the facts_version and the round of each role's last word, also one
    that was withdrawn. left_version is that of the event that ended it, which holds the receipt
    where there is one; basis_corrected are the corrections of what that receipt rests on.
    """

    stage: str
    number: int
    ordinal: int
    entered_at: datetime
    facts_version: int = 0
    actual: Actual | None = None
    conditions: Mapping[str, Mark] = field(default_factory=dict)
    judgements: Mapping[str, Judgement] = field(default_factory=dict)
    spoken: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    round: int = 0
    approvals: Mapping[str, Approval] = field(default_factory=dict)
    overridden: bool = False
    refused_advances: int = 0
    left_at: datetime | None = None
    left_by: Literal["advance", "return", "closing", "migration"] | None = None
    left_to: str | None = None
    left_version: int | None = None
    return_reason: str = ""
    receipt: Mapping[str, Any] | None = None
    basis_corrected: tuple[CorrectedBasis, ...] = ()

    @property
    def after_a_change(self) -> int | None:
        """The facts_version after a change of what is not of this stage alone: an earlier one's form, the header. None
        while nobody has judged or approved anything that could rest on it.
        """
        return self.facts_version + 1 if self.judgements or self.approvals else None

    def is_stale(self, judgement: Judgement) -> bool:
        return judgement.facts_version < self.facts_version or judgement.round < self.round


@dataclass(frozen=True)  # no slots: replaced with every event
class Course:
    """visits in the order of their entry, keyed stage:number; the last one is where the project stands. passed are the
    stages behind it, by the keys that they have now: through their gates, or skipped. A return takes back what it
    leads behind.
    """

    visits: dict[str, Visit]
    follow_ups: FollowUps
    skips: tuple[Skip, ...] = ()
    passed: tuple[str, ...] = ()

    @property
    def current(self) -> Visit:
        return next(reversed(self.visits.values()))

    @property
    def passed_a_gate(self) -> bool:
        """Whether the project ever went on from a stage, or came to its end."""
        return any(visit.left_by in ("advance", "closing") for visit in self.visits.values())

    def visits_to(self, stage: str) -> int:
        return sum(1 for visit in self.visits.values() if visit.stage == stage)


EMPTY = Course({}, {})


def visit_key(stage: str, number: int) -> str:
    return f"{stage}:{number}"


def evolve(course: Course, fact: StageFact, stamp: Stamp) -> Course:
    match fact:
        case StageEntered():
            entered = replace(course, passed=_before(course.passed, fact.stage))
            return _with_visit(entered, _entered(course, fact, stamp))
        case FollowUpSet() | FollowUpCompleted():
            return replace(course, follow_ups=evolve_follow_ups(course.follow_ups, fact, stamp))
        case StageSkipped():
            skip = Skip(fact.stage, fact.from_stage, fact.to_stage, fact.reason, stamp.occurred_at)
            skips = (*course.skips, skip)
            return replace(course, skips=skips, passed=(*course.passed, fact.stage))
        case _:
            visit = course.visits[visit_key(fact.stage, fact.visit)]
            left = _with_visit(course, _after(visit, fact, stamp))
            if isinstance(fact, StageAdvanced):
                return replace(left, passed=(*left.passed, fact.stage))
            return left


def raise_facts(course: Course, facts_version: int) -> Course:
    """A form was completed or revised, or the header changed: judgements given before it are stale."""
    return _with_visit(course, replace(course.current, facts_version=facts_version))


def leave(course: Course, stamp: Stamp, receipt: Mapping[str, Any] | None) -> Course:
    """The project was closed where it stood."""
    visit = _ended(replace(course.current, left_by="closing", receipt=receipt), stamp)
    return _with_visit(course, visit)


def migrate(course: Course, stamp: Stamp, keys: Mapping[str, str]) -> Course:
    """Stages go by other keys: an active one as a new visit, its follow-ups with it."""
    passed = tuple(keys.get(stage, stage) for stage in course.passed)
    follow_ups = renamed_stages(course.follow_ups, keys)
    course = replace(course, passed=passed, follow_ups=follow_ups)
    if course.current.stage not in keys:
        return course
    to_stage = keys[course.current.stage]
    visit = _ended(replace(course.current, left_by="migration", left_to=to_stage), stamp)
    return _with_visit(course, visit)


def _before(passed: tuple[str, ...], stage: str) -> tuple[str, ...]:
    return passed[: passed.index(stage)] if stage in passed else passed


def _ended(visit: Visit, stamp: Stamp) -> Visit:
    return replace(visit, left_at=stamp.occurred_at, left_version=stamp.version)


def _with_visit(course: Course, visit: Visit) -> Course:
    return replace(course, visits={**course.visits, visit_key(visit.stage, visit.number): visit})


def _entered(course: Course, fact: StageEntered, stamp: Stamp) -> Visit:
    return Visit(fact.stage, fact.visit, len(course.visits) + 1, stamp.occurred_at)


OfVisit = (
    ActualRecorded
    | ConditionMarked
    | StageJudged
    | JudgementWithdrawn
    | ReviewRequested
    | ConditionApproved
    | StageAdvanced
    | GateOverridden
    | AdvanceRefused
    | StageReturned
)


def _after(visit: Visit, fact: OfVisit, stamp: Stamp) -> Visit:
    match fact:
        case ActualRecorded():
            actual = Actual(
                fact.text, stamp.actor.id, stamp.actor.name, stamp.occurred_at, stamp.event_id
            )
            return replace(visit, actual=actual, facts_version=fact.facts_version)
        case ConditionMarked():
            mark = Mark(fact.met, fact.evidence, stamp.actor.id, stamp.occurred_at, stamp.event_id)
            conditions = {**visit.conditions, fact.condition: mark}
            return replace(visit, conditions=conditions, facts_version=fact.facts_version)
        case ConditionApproved():
            key = f"{fact.condition}/{fact.role}"
            return replace(visit, approvals={**visit.approvals, key: _approval(fact, stamp)})
        case StageAdvanced() | StageReturned():
            return _left(visit, fact, stamp)
        case GateOverridden():
            return replace(visit, overridden=True)
        case AdvanceRefused():
            return replace(visit, refused_advances=visit.refused_advances + 1)
        case _:
            return _judged(visit, fact, stamp)


def _judged(
    visit: Visit, fact: StageJudged | JudgementWithdrawn | ReviewRequested, stamp: Stamp
) -> Visit:
    if isinstance(fact, ReviewRequested):
        return replace(visit, round=fact.round)
    judgements = {role: one for role, one in visit.judgements.items() if role != fact.role}
    if not isinstance(fact, StageJudged):
        return replace(visit, judgements=judgements)
    judgements[fact.role] = _judgement(fact, stamp, visit.round)
    spoken = {**visit.spoken, fact.role: (fact.facts_version, visit.round)}
    return replace(visit, judgements=judgements, spoken=spoken)


def _left(visit: Visit, fact: StageAdvanced | StageReturned, stamp: Stamp) -> Visit:
    if isinstance(fact, StageAdvanced):
        left = replace(visit, left_by="advance", receipt=fact.receipt)
    else:
        left = replace(visit, left_by="return", return_reason=fact.reason)
    return _ended(replace(left, left_to=fact.to_stage), stamp)


def _approval(fact: ConditionApproved, stamp: Stamp) -> Approval:
    return Approval(
        condition=fact.condition,
        role=fact.role,
        approved=fact.approved,
        comment=fact.comment,
        facts_version=fact.facts_version,
        revisions=fact.revisions,
        person_id=stamp.actor.id,
        person_name=stamp.actor.name,
        at=stamp.occurred_at,
        event_id=stamp.event_id,
    )


def _judgement(fact: StageJudged, stamp: Stamp, round_: int) -> Judgement:
    return Judgement(
        round=round_,
        verdict=fact.verdict,
        comment=fact.comment,
        facts_version=fact.facts_version,
        person_id=stamp.actor.id,
        person_name=stamp.actor.name,
        at=stamp.occurred_at,
        event_id=stamp.event_id,
    )
