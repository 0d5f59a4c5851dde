"""How a project keeps its cadences: turn by turn, and when the next is due. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from genjin.clock.crossings import end_of
from genjin.clock.doing import Doing, doing
from genjin.clock.life import Life
from genjin.clock.periods import turns
from genjin.templates.registers import Cadence
from genjin.working_days import WorkingDays

NEWEST_MAX = 24


@dataclass(frozen=True, slots=True)
class Turn:
    """From a first to a last day; due_on is the last that is in time. kept None: not yet, and there is time. missing:
    where each holder of the roles owes a copy, those whose is not there.
    """

    first: date
    last: date
    due_on: date
    kept: bool | None
    missing: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class Keeping:
    """kept and missed count all turns, rate is kept of both (None before the first); newest are the last turns that
    have begun, the oldest first. next_due_on None: the project does not run, or not in the cadence's stages.
    """

    cadence: str
    kept: int
    missed: int
    rate: float | None
    last_done_on: date | None
    next_due_on: date | None
    newest: Sequence[Turn]


def keeping(life: Life, cadence: Cadence, today: date, working_days: WorkingDays) -> Keeping:
    done = doing(life, cadence)
    begun, next_due_on = [], None
    for turn in _turns(life, cadence, done, today, working_days):
        if turn.kept is None and next_due_on is None:
            next_due_on = turn.due_on
        if turn.first <= today:
            begun.append(turn)
    kept, missed = (sum(turn.kept is was for turn in begun) for was in (True, False))
    return Keeping(
        cadence=cadence.key,
        kept=kept,
        missed=missed,
        rate=round(kept / (kept + missed), 4) if kept + missed else None,
        last_done_on=done.days[-1] if done.days else None,
        next_due_on=next_due_on,
        newest=begun[-NEWEST_MAX:],
    )


def _turns(
    life: Life, cadence: Cadence, done: Doing, today: date, working_days: WorkingDays
) -> Iterator[Turn]:
    """All that have begun by today; where the project still runs, up to the first that is yet to be kept."""
    grace = timedelta(days=cadence.grace_days)
    for span in life.within(cadence.stages):
        for turn in turns(cadence, span, date.max, working_days):
            due_on = end_of(turn) + grace
            kept = done.is_kept(turn, due_on)
            told = True if kept else False if due_on < today else None
            yield Turn(turn.first, end_of(turn), due_on, told, done.missing(turn, due_on))
            if turn.first > today and not kept:
                break
