"""Turns of a cadence as stretches of days."""

from datetime import date, timedelta
from itertools import islice, pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.clock.periods import Span, turns
from genjin.templates.registers import Cadence, Every
from genjin.working_days import working_days
from tests.templates.test_model import text

DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))
EVERY: tuple[Every, ...] = get_args(Every)
DAY = timedelta(days=1)
CHINA, AMERICA = working_days("CN"), working_days("US")


def found_turns(rule: Cadence, span: Span, today: date) -> list[Span]:
    return list(turns(rule, span, today, CHINA))


def cadence(every: Every, **more: Any) -> Cadence:
    body = {"key": "report", "title": text("report"), "every": every, "by": ["seller"], **more}
    return Cadence.model_validate(body)


def told(every: Every, first: str, last: str | None, today: str, **more: Any) -> list[str]:
    span = Span(date.fromisoformat(first), date.fromisoformat(last) if last else None)
    found = found_turns(cadence(every, **more), span, date.fromisoformat(today))
    return [f"{turn.first}..{turn.last}" for turn in found]


@pytest.mark.parametrize(
    ("every", "first", "last", "today", "count", "expected"),
    [
        ("day", "2026-03-02", None, "2026-03-04", 1, ["2026-03-02..2026-03-02", "2026-03-03..2026-03-03"]),
        ("week", "2026-03-02", None, "2026-03-09", 1, ["2026-03-02..2026-03-08"]),
        ("week", "2026-03-03", None, "2026-03-15", 1, []),
        ("week", "2026-03-03", None, "2026-03-16", 1, ["2026-03-09..2026-03-15"]),
        ("week", "2026-03-02", None, "2026-03-16", 2, ["2026-03-02..2026-03-15"]),
        ("working_day", "2026-03-06", None, "2026-03-10", 1, ["2026-03-06..2026-03-08", "2026-03-09..2026-03-09"]),
        ("working_day", "2026-03-07", None, "2026-03-10", 1, ["2026-03-09..2026-03-09"]),
        # The new year's holiday goes with the Saturday before it, which is worked for it, as is the 28th.
        ("working_day", "2026-02-13", None, "2026-02-24", 1, ["2026-02-13..2026-02-13", "2026-02-14..2026-02-23"]),
        ("working_day", "2026-02-15", None, "2026-03-02", 2, ["2026-02-24..2026-02-25", "2026-02-26..2026-02-27"]),
        ("month", "2026-01-15", None, "2026-03-01", 1, ["2026-02-01..2026-02-28"]),
        ("month", "2026-12-01", None, "2027-01-01", 1, ["2026-12-01..2026-12-31"]),
        ("quarter", "2026-03-02", None, "2026-07-01", 1, ["2026-04-01..2026-06-30"]),
        ("year", "2024-01-01", "2025-12-31", "2027-01-01", 1, ["2024-01-01..2024-12-31", "2025-01-01..2025-12-31"]),
        ("week", "2026-03-02", "2026-03-14", "2026-04-01", 1, ["2026-03-02..2026-03-08"]),
    ],
)  # fmt: skip
def test_turns_lie_whole_within_the_span_and_before_today(
    every: Every, first: str, last: str | None, today: str, count: int, expected: list[str]
) -> None:
    assert told(every, first, last, today, count=count) == expected


def test_a_working_day_is_one_of_the_calendar_s_country() -> None:
    span, today = Span(date(2026, 7, 2)), date(2026, 7, 7)
    days = {
        country: [turn.first.day for turn in turns(cadence("working_day"), span, today, calendar)]
        for country, calendar in (("CN", CHINA), ("US", AMERICA))
    }
    assert days == {"CN": [2, 3, 6], "US": [2, 6]}  # the 3rd is a day off there in 2026


@given(st.sampled_from(EVERY), st.integers(1, 5), DAYS, st.integers(0, 800))
def test_turns_follow_each_other_without_a_gap(
    every: Every, count: int, first: date, days: int
) -> None:
    today = first + timedelta(days=days)
    found = found_turns(cadence(every, count=count), Span(first), today)
    for turn, following in pairwise(found):
        assert turn.last is not None
        assert following.first == turn.last + DAY
    for turn in found:
        assert turn.last is not None
        assert first <= turn.first <= turn.last < today


@given(st.sampled_from(EVERY), DAYS, st.integers(0, 400))
def test_a_day_later_the_turns_are_the_same_and_perhaps_one_more(
    every: Every, first: date, days: int
) -> None:
    today = first + timedelta(days=days)
    rule = cadence(every)
    before = found_turns(rule, Span(first), today)
    after = found_turns(rule, Span(first), today + DAY)
    assert after[: len(before)] == before
    assert len(after) - len(before) in (0, 1)


def test_turns_are_made_one_by_one() -> None:
    found = turns(cadence("day"), Span(date(1990, 1, 1)), date(2990, 1, 1), CHINA)
    assert len(list(islice(found, 3))) == 3
