"""Turns of a cadence as stretches of days. Pure.

Periods of a kind are numbered through all time, so that a day has a number and a number a first day. A working day is
Monday to Friday; Saturday and Sunday go with the Friday before them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import assert_never

from genjin.templates.registers import Cadence, Every

DAY = timedelta(days=1)
WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class Span:
    """From a first to a last day, both included; last None: to this day."""

    first: date
    last: date | None = None

    def covers(self, other: "Span") -> bool:
        if self.last is not None and (other.last is None or other.last > self.last):
            return False
        return self.first <= other.first


def turns(cadence: Cadence, span: Span, today: date) -> Iterator[Span]:
    """The cadence's turns that lie whole within a span of days and ended before today. The first begins with the first
    whole period of the span.
    """
    number = _number(cadence.every, span.first)
    if _first_day(cadence.every, number) < span.first:
        number += 1
    while True:
        following = number + cadence.count
        turn = Span(_first_day(cadence.every, number), _first_day(cadence.every, following) - DAY)
        assert turn.last is not None
        if turn.last >= today or not span.covers(turn):
            return
        yield turn
        number = following


def _number(every: Every, day: date) -> int:
    """Of the period that holds a day. Day 1 of the calendar was a Monday."""
    month = day.year * 12 + day.month - 1
    week, weekday = divmod(day.toordinal() - 1, 7)
    match every:
        case "day":
            return day.toordinal()
        case "working_day":
            return week * WORKING_DAYS + min(weekday, WORKING_DAYS - 1)
        case "week":
            return week
        case "month":
            return month
        case "quarter":
            return month // 3
        case "year":
            return day.year
        case _:
            assert_never(every)


def _first_day(every: Every, number: int) -> date:
    match every:
        case "day":
            return date.fromordinal(number)
        case "working_day":
            week, weekday = divmod(number, WORKING_DAYS)
            return date.fromordinal(week * 7 + weekday + 1)
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
