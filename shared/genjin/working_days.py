"""Working days of a country, with the weekend days that are worked in exchange for a longer holiday (调休)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

import holidays

# Where the government sets the days of a year anew every year: what it has not set yet is a guess.
_SET_YEARLY = frozenset({"CN"})
_WEEKDAYS = 5
_DAY = timedelta(days=1)


class UnknownCalendarError(ValueError):
    """The library has no calendar of this country."""


class WorkingDays:
    """The working days of one country. Beyond the years that the library has, Monday to Friday."""

    def __init__(self, country: str) -> None:
        try:
            self._days = holidays.country_holidays(country)
        except NotImplementedError as error:
            raise UnknownCalendarError(f"GENJIN_CALENDAR: there is none of {country}") from error
        self.country = country
        self._years: dict[int, list[date]] = {}
        published = getattr(self._days, "special_public_holidays", {})
        library = range(self._days.start_year, self._days.end_year + 1)
        self._known = frozenset(published if country in _SET_YEARLY else library)

    def knows(self, years: Iterable[int]) -> bool:
        """Whether the days of these years are certain, not computed ahead."""
        return self._known.issuperset(years)

    def between(self, after: date, until: date) -> int:
        """The working days after one day up to another, which is included."""
        if until <= after:
            return 0
        return sum(self._in_year(year, after, until) for year in range(after.year, until.year + 1))

    def is_worked(self, day: date) -> bool:
        if not self._days.start_year <= day.year <= self._days.end_year:
            return day.weekday() < _WEEKDAYS
        days = self._of_year(day.year)
        place = bisect_left(days, day)
        return place < len(days) and days[place] == day

    def first_from(self, day: date) -> date:
        """This day, or the next one that is worked."""
        while not self.is_worked(day):
            day += _DAY
        return day

    def later(self, day: date, count: int) -> date:
        """The working day so many of them after a day."""
        for _ in range(count):
            day = self.first_from(day + _DAY)
        return day

    def running_count(self, first: date, last: date) -> list[int]:
        """Of each day from first to last how many working days there were since first, which counts as none."""
        counts, day = [0], first
        while day < last:
            day += _DAY
            counts.append(counts[-1] + self.between(day - _DAY, day))
        return counts

    def _in_year(self, year: int, after: date, until: date) -> int:
        if not self._days.start_year <= year <= self._days.end_year:
            first = max(after, date(year, 1, 1) - _DAY) if year > 1 else after
            return _weekdays(min(until, date(year, 12, 31))) - _weekdays(first)
        days = self._of_year(year)
        return bisect_right(days, until) - bisect_right(days, after)

    def _of_year(self, year: int) -> list[date]:
        if year not in self._years:
            first = date(year, 1, 1)
            every = (first + timedelta(days=place) for place in range(366))
            self._years[year] = [
                day for day in every if day.year == year and self._days.is_working_day(day)
            ]
        return self._years[year]


def _weekdays(day: date) -> int:
    """Mondays to Fridays since the first day of the calendar, a Monday, up to this one."""
    weeks, days = divmod(day.toordinal(), 7)
    return weeks * _WEEKDAYS + min(days, _WEEKDAYS)


@cache
def working_days(country: str) -> WorkingDays:
    """One for all requests: a year is computed once. Raises UnknownCalendarError."""
    return WorkingDays(country)
