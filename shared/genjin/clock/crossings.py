"""Which limits of time a project has crossed by a day. Pure: the same past and the same day give the same crossings.

A crossing has an identity: what it is about, and the limit. The id of its event is made of it, so an event that is in
the log says that the crossing was told, and no log takes it twice.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from uuid import UUID, uuid5

from genjin.clock.doing import Doing, doing
from genjin.clock.events import (
    CadenceMissed,
    ClockFact,
    CustomerSilent,
    FollowUpOverdue,
    MilestoneOverdue,
    RiskReviewDue,
    StageOverstayed,
)
from genjin.clock.life import Life
from genjin.clock.periods import DAY, Span, turns
from genjin.event import Actor
from genjin.templates.model import Template
from genjin.templates.registers import Cadence, Silence
from genjin.working_days import WorkingDays

CLOCK = Actor("system", UUID("5f1c8f0e-6d3b-5c57-9b0b-2f6f3c1d7a10"), "clock")
# So many missed turns are told one by one; what lies before them is told as one.
TURNS_ONE_BY_ONE = 10


@dataclass(frozen=True, slots=True)
class Owned:
    """A follow-up or a risk that is due, and whose it is."""

    id: UUID
    owner_id: UUID
    due_on: date


@dataclass(frozen=True, slots=True)
class Crossing:
    """about: the limit that was crossed, among all of its project."""

    about: str
    fact: ClockFact

    def event_id(self, project_id: UUID) -> UUID:
        return uuid5(project_id, self.about)


def follow_up_overdue(item: Owned) -> Crossing:
    """Of an open follow-up whose due date lies before today."""
    fact = FollowUpOverdue(follow_up_id=item.id, owner_id=item.owner_id, due_on=item.due_on)
    return Crossing(f"{fact.type}/{item.id}/{item.due_on}", fact)


def review_due(item: Owned) -> Crossing:
    """Of a risk that is not closed and whose next review is today or was before."""
    fact = RiskReviewDue(risk_id=item.id, owner_id=item.owner_id, due_on=item.due_on)
    return Crossing(f"{fact.type}/{item.id}/{item.due_on}", fact)


def milestone_overdue(id_: UUID, due_on: date, moved: int) -> Crossing:
    """Of a milestone that was neither reached nor dropped and whose due date lies before today. moved: how often it was
    rescheduled, for a day that was set anew is a limit of its own, also where it was the day before.
    """
    fact = MilestoneOverdue(milestone_id=id_, due_on=due_on)
    return Crossing(f"{fact.type}/{id_}/{due_on}" + (f"/{moved}" if moved else ""), fact)


def is_rhythmic(template: Template, stage: str) -> bool:
    """Whether the template sets a limit that only the project's past can tell of."""
    limits = any(one.key == stage and one.max_days is not None for one in template.stages)
    return limits or bool(template.cadences) or template.silence is not None


def of_rhythm(
    life: Life, template: Template, today: date, working_days: WorkingDays
) -> Iterator[Crossing]:
    """The limits of the stage, the cadences and the silence of the customer."""
    yield from _overstayed(life, template, today)
    for cadence in template.cadences:
        yield from _missed(life, cadence, today, working_days)
    if template.silence is not None:
        yield from silent(life, template.silence, today)


def _overstayed(life: Life, template: Template, today: date) -> Iterator[Crossing]:
    if not life.stays:
        return
    stay = life.stays[-1]
    max_days = next((one.max_days for one in template.stages if one.key == stay.stage), None)
    if max_days is None:
        return
    since = stay.span.first
    due_on = since + timedelta(days=max_days + _rested(life.running, since))
    if today > due_on:
        fact = StageOverstayed(
            stage=stay.stage, visit=stay.visit, max_days=max_days, since=since, due_on=due_on
        )
        yield Crossing(f"{fact.type}/{stay.stage}:{stay.visit}/{max_days}", fact)


def _rested(running: Sequence[Span], since: date) -> int:
    """Days since a day on which the project was suspended, up to its last resumption."""
    days = 0
    for before, after in pairwise(running):
        assert before.last is not None, "only the last span is open"
        days += max(0, (after.first - max(before.last + DAY, since)).days)
    return days


def _missed(
    life: Life, cadence: Cadence, today: date, working_days: WorkingDays
) -> Iterator[Crossing]:
    """What is done in the days of grace counts for the turn before; it counts for its own turn as well."""
    grace = timedelta(days=cadence.grace_days)
    done = doing(life, cadence)
    told_until = life.told_until.get(cadence.key, date.min)
    missed = [
        turn
        for span in life.within(cadence.stages)
        for turn in turns(cadence, span, today - grace, working_days)
        if turn.first > told_until and not done.is_kept(turn, end_of(turn) + grace)
    ]
    early, newest = missed[:-TURNS_ONE_BY_ONE], missed[-TURNS_ONE_BY_ONE:]
    if early:
        yield _cadence_missed(cadence, early, done)
    for turn in newest:
        yield _cadence_missed(cadence, [turn], done)


def end_of(turn: Span) -> date:
    assert turn.last is not None, "a turn has an end"
    return turn.last


def _cadence_missed(cadence: Cadence, missed: Sequence[Span], done: Doing) -> Crossing:
    """Of turns that were missed one after the other."""
    grace = timedelta(days=cadence.grace_days)
    first, last = missed[0].first, end_of(missed[-1])
    missing = {person for turn in missed for person in done.missing(turn, end_of(turn) + grace)}
    fact = CadenceMissed(
        cadence=cadence.key,
        period_start=first,
        period_end=last,
        due_on=last + grace,
        turns=len(missed),
        missing=tuple(sorted(missing)),
    )
    return Crossing(f"{fact.type}/{cadence.key}/{first}/{last}", fact)


def silent(life: Life, silence: Silence, today: date) -> Iterator[Crossing]:
    """A project that was suspended begins to wait anew when it is resumed."""
    if not life.running or life.running[-1].last is not None:
        return
    heard = [deed.day for form in silence.forms for deed in life.completed.get(form, ())]
    since = max([life.running[-1].first, *heard])
    if (today - since).days >= silence.days:
        fact = CustomerSilent(days=silence.days, since=since)
        yield Crossing(f"{fact.type}/{since}/{silence.days}", fact)
