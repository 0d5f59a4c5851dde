"""How long a project was in its stages: in seconds, in calendar days and in working days of its workspace. Pure.

Days are counted after the day of the entry up to the day of the leaving, so that the days of one visit after the other
add up. What was suspended is told apart. A visit that goes on is measured up to a moment and said to be open.
"""

from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from genjin_api.projects.state import Project
from genjin_api.stages.state import Visit


class Calendar(Protocol):
    def between(self, after: date, until: date) -> int: ...


@dataclass(frozen=True, slots=True)
class Span:
    """since is not after until."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Length:
    """Whole seconds and whole days; net is what is left of all when the suspended ones are taken off."""

    seconds: int = 0
    suspended_seconds: int = 0
    net_seconds: int = 0
    calendar_days: int = 0
    suspended_calendar_days: int = 0
    working_days: int = 0
    suspended_working_days: int = 0

    def __add__(self, other: "Length") -> "Length":
        return Length(*map(sum, zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True, slots=True)
class VisitDuration:
    """out_of_order: by what was said of the times it was left before it was entered, so its length is not known and
    counts as nothing.
    """

    stage: str
    visit: int
    entered_at: datetime
    left_at: datetime | None
    left_by: str | None
    open: bool
    out_of_order: bool
    length: Length


@dataclass(frozen=True, slots=True)
class StageDuration:
    """All visits of a stage; returns are those that ended in a return. open: the project is there now."""

    stage: str
    visits: int
    returns: int
    open: bool
    length: Length


def visit_durations(
    project: Project, until: datetime, time_zone: str, calendar: Calendar
) -> list[VisitDuration]:
    """Of every visit, in the order of the entries. until is when the open one is looked at."""
    suspended = _merged(_suspensions(project, until))
    measure = _Measure(ZoneInfo(time_zone), calendar, suspended)
    return [_of_visit(visit, until, measure) for visit in project.course.visits.values()]


def stage_durations(visits: Iterable[VisitDuration]) -> list[StageDuration]:
    """In the order in which the stages were first entered."""
    by_stage: dict[str, list[VisitDuration]] = {}
    for visit in visits:
        by_stage.setdefault(visit.stage, []).append(visit)
    return [
        StageDuration(
            stage=stage,
            visits=len(of_stage),
            returns=sum(visit.left_by == "return" for visit in of_stage),
            open=any(visit.open for visit in of_stage),
            length=total(of_stage),
        )
        for stage, of_stage in by_stage.items()
    ]


def total(visits: Iterable[VisitDuration]) -> Length:
    return sum((visit.length for visit in visits), Length())


def years_of(project: Project, until: datetime, time_zone: str) -> set[int]:
    """The calendar years that the visits touch."""
    zone = ZoneInfo(time_zone)
    found: set[int] = set()
    for visit in project.course.visits.values():
        first = _day(visit.entered_at, zone).year
        found.update(range(first, _day(visit.left_at or until, zone).year + 1))
    return found


def _of_visit(visit: Visit, until: datetime, measure: "_Measure") -> VisitDuration:
    is_open = visit.left_at is None
    end = visit.left_at or max(until, visit.entered_at)
    out_of_order = end < visit.entered_at
    length = Length() if out_of_order else measure.length(Span(visit.entered_at, end))
    return VisitDuration(
        stage=visit.stage,
        visit=visit.number,
        entered_at=visit.entered_at,
        left_at=visit.left_at,
        left_by=visit.left_by,
        open=is_open,
        out_of_order=out_of_order,
        length=length,
    )


@dataclass(frozen=True, slots=True)
class _Measure:
    """suspended: spans that do not touch each other, in order."""

    zone: ZoneInfo
    calendar: Calendar
    suspended: list[Span]

    def length(self, span: Span) -> Length:
        seconds, calendar_days, working_days = self._counts(span)
        parts = [self._counts(part) for part in _within(self.suspended, span)]
        of_seconds, of_calendar, of_working = (
            (sum(counts) for counts in zip(*parts, strict=True)) if parts else (0, 0, 0)
        )
        return Length(
            seconds=seconds,
            suspended_seconds=of_seconds,
            net_seconds=seconds - of_seconds,
            calendar_days=calendar_days,
            suspended_calendar_days=of_calendar,
            working_days=working_days,
            suspended_working_days=of_working,
        )

    def _counts(self, span: Span) -> tuple[int, int, int]:
        """Seconds, calendar days, working days. Instants are cut to the second, so that parts add up to the whole."""
        whole = span.until.replace(microsecond=0) - span.since.replace(microsecond=0)
        first, last = _day(span.since, self.zone), _day(span.until, self.zone)
        seconds = whole.days * 86400 + whole.seconds
        return seconds, (last - first).days, self.calendar.between(first, last)


def _suspensions(project: Project, until: datetime) -> Iterator[Span]:
    """Those that ended, and the one that goes on. One that ended before it began, by late entries, is none."""
    for ended in project.ended_suspensions:
        if ended.since < ended.ended_at:
            yield Span(ended.since, ended.ended_at)
    if project.suspension is not None and project.suspension.since < until:
        yield Span(project.suspension.since, until)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same time as spans that do not touch, in order."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda one: one.since):
        if merged and span.since <= merged[-1].until:
            merged[-1] = Span(merged[-1].since, max(merged[-1].until, span.until))
        else:
            merged.append(span)
    return merged


def _within(spans: Iterable[Span], whole: Span) -> Iterator[Span]:
    for span in spans:
        since, until = max(span.since, whole.since), min(span.until, whole.until)
        if since < until:
            yield Span(since, until)


def _day(instant: datetime, zone: ZoneInfo) -> date:
    """At the ends of the calendar a zone may lead out of it: then the day in UTC."""
    try:
        return instant.astimezone(zone).date()
    except OverflowError:
        return instant.astimezone(UTC).date()
