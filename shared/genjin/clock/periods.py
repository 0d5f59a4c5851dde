"""Turns of a cadence as stretches of days. Pure.

Periods of a kind are numbered through all time, so that a day has a number and a number a first day; but working days,
which are those of a country's calendar: a day off goes with the working day before it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, assert_never

from genjin.templates.registers import Cadence, Every
from genjin.working_days import WorkingDays

DAY = timedelta(days=1)
_Numbered = Literal["day", "week", "month", "quarter", "year"]


@dataclass(frozen=True, slots=True)
class Span:
    """From a first to a last day, both included; last None: to this day."""

    first: date
    last: date | None = None

    def covers(self, other: "Span") -> bool:
        if self.last is not None and (other.last is None or other.last > self.last):
            return False
        return self.first <= other.first


def turns(cadence: Cadence, span: Span, today: date, working_days: WorkingDays) -> Iterator[Span]:
    """The cadence's turns that lie whole within a span of days and ended before today. The first begins with the first
    whole period of the span.
    """
    first = _first_from(cadence.every, span.first, working_days)
    while True:
        following = _later(cadence.every, first, cadence.count, working_days)
        turn = Span(first, following - DAY)
        assert turn.last is not None
        if turn.last >= today or not span.covers(turn):
            return
        yield turn
        first = following


def _first_from(every: Every, day: date, working_days: WorkingDays) -> date:
    """The first day of the first period that does not begin before a day."""
    if every == "working_day":
        return working_days.first_from(day)
    number = _number(every, day)
    first = _first_day(every, number)
    return first if first == day else _first_day(every, number + 1)


def _later(every: Every, first: date, count: int, working_days: WorkingDays) -> date:
    """The first day of the period so many after the one that begins on a day."""
    if every == "working_day":
        return working_days.later(first, count)
    return _first_day(every, _number(every, first) + count)


def _number(every: _Numbered, day: date) -> int:
    """Of the period that holds a day. Day 1 of the calendar was a Monday."""
    month = day.year * 12 + day.month - 1
    match every:
        case "day":
            return day.toordinal()
        case "week":
            return (day.toordinal() - 1) // 7
        case "month":
            return month
        case "quarter":
            return month // 3
        case "year":
            return day.year
        case _:
            assert_never(every)


def _first_day(every: _Numbered, number: int) -> date:
    match every:
        case "day":
            return date.fromordinal(number)
        case "week":
            return date.fromordinal(number * 7 + 1)
        case "month":
            return date(number // 12, number % 12 + 1, 1)
        case "quarter":
            return date(number // 4, number % 4 * 3 + 1, 1)
        case "year":
            return date(number, 1, 1)
        case _:
            assert_never(every)
