"""Working days by the calendar of a country."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin.working_days import UnknownCalendarError, working_days

CHINA, GERMANY = working_days("CN"), working_days("DE")
DAY = timedelta(days=1)
days = st.dates(min_value=date(1, 1, 2))


def worked(day: date) -> bool:
    return CHINA.between(day - DAY, day) == 1


def test_a_weekend_day_that_is_worked_for_a_holiday_counts_and_the_holiday_does_not() -> None:
    assert worked(date(2026, 2, 14))  # a Saturday
    assert not worked(date(2026, 2, 17))  # a Tuesday, the first day of the year of the horse
    assert not worked(date(2026, 2, 21))
    assert GERMANY.between(date(2026, 2, 13), date(2026, 2, 14)) == 0


@settings(deadline=None)  # the first to ask of a year has it made
@given(days, days)
def test_there_are_no_more_working_days_than_days(one: date, other: date) -> None:
    after, until = sorted((one, other))
    assert 0 <= CHINA.between(after, until) <= (until - after).days
    assert CHINA.between(until, after) == 0


@settings(deadline=None)
@given(days, days, days)
def test_working_days_of_parts_add_up(one: date, other: date, third: date) -> None:
    first, middle, last = sorted((one, other, third))
    whole = CHINA.between(first, last)
    assert CHINA.between(first, middle) + CHINA.between(middle, last) == whole


@settings(deadline=None)
@given(st.dates(min_value=date(1, 1, 2), max_value=date(9998, 1, 1)), st.integers(1, 30))
def test_a_working_day_so_many_later_has_as_many_between(day: date, count: int) -> None:
    later = CHINA.later(day, count)
    assert CHINA.is_worked(later)
    assert CHINA.between(day, later) == count


@given(st.dates(min_value=date(1, 1, 2), max_value=date(1949, 12, 31)))
def test_before_the_library_begins_mondays_to_fridays_are_worked(day: date) -> None:
    assert worked(day) == (day.weekday() < 5)


def test_years_that_were_not_set_yet_are_not_known() -> None:
    assert CHINA.knows(range(2001, 2027))
    assert not CHINA.knows([2026, 2090])
    assert GERMANY.knows([2090])
    assert not GERMANY.knows([1500])


def test_a_country_without_a_calendar_is_refused_by_the_name_of_the_setting() -> None:
    with pytest.raises(UnknownCalendarError, match="GENJIN_CALENDAR"):
        working_days("XX")
