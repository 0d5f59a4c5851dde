"""What was done for a cadence and by whom, and who owes a copy of their own. Pure."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from genjin.clock.life import Deed, Life
from genjin.clock.periods import Span
from genjin.templates.registers import Cadence


@dataclass(frozen=True, slots=True)
class Doing:
    """days are sorted, of whomever and by person. owing: who held a role that owes each, and when; empty where one copy
    by anyone does.
    """

    days: Sequence[date]
    days_of: Mapping[UUID, Sequence[date]]
    owing: Mapping[UUID, Sequence[Span]]

    def is_kept(self, turn: Span, due_on: date) -> bool:
        return any_within(self.days, turn.first, due_on) and not self.missing(turn, due_on)

    def missing(self, turn: Span, due_on: date) -> tuple[UUID, ...]:
        """Whose copy is not there. Whoever was given the role within the turn, or lost it, owes none in it."""
        return tuple(
            person
            for person, spans in self.owing.items()
            if any(span.covers(turn) for span in spans)
            and not any_within(self.days_of.get(person, ()), turn.first, due_on)
        )


def doing(life: Life, cadence: Cadence) -> Doing:
    deeds = sorted(_deeds(life, cadence), key=lambda deed: deed.day)
    days_of: dict[UUID, list[date]] = {}
    for deed in deeds:
        if deed.person_id is not None:
            days_of.setdefault(deed.person_id, []).append(deed.day)
    owing: dict[UUID, list[Span]] = {}
    for role in cadence.by if cadence.each else ():
        for person, spans in life.held.get(role, {}).items():
            owing.setdefault(person, []).extend(spans)
    return Doing([deed.day for deed in deeds], days_of, owing)


def _deeds(life: Life, cadence: Cadence) -> Iterator[Deed]:
    if cadence.form is not None:
        yield from life.completed.get(cadence.form, ())
        return
    for stage, deed in life.actuals:
        if not cadence.stages or stage in cadence.stages:
            yield deed


def any_within(days: Sequence[date], first: date, last: date) -> bool:
    """days are sorted."""
    place = bisect_left(days, first)
    return place < len(days) and days[place] <= last
