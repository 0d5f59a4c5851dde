"""Durations of visits: they add up, suspensions are told apart, and days are those of the workspace's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.event import Stamp
from genjin.projects.events import (
    ProjectClosed,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
)
from genjin.stages.events import StageAdvanced, StageEntered, StageReturned
from genjin.working_days import working_days
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.stages.durations import (
    Length,
    VisitDuration,
    stage_durations,
    total,
    visit_durations,
)
from tests.specification import MARKETER, PROJECT_ID, created

CHINA = working_days("CN")
SHANGHAI = "Asia/Shanghai"
SUSPENDED = ProjectSuspended(reason="等批", until=None)
RESUMED = ProjectResumed(note="")
CLOSED = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


class Course:
    """A project whose facts come at times of one's own choice."""

    def __init__(self, begun: datetime) -> None:
        self.version = 0
        self.project: Project | None = None
        self.tell(begun, *created())

    def tell(self, at: datetime, *facts: object) -> None:
        for fact in facts:
            self.version += 1
            actor = MARKETER.actor("marketer")
            stamp = Stamp(MARKETER.person_id, PROJECT_ID, self.version, at, actor)
            self.project = evolve(self.project, fact, stamp)  # type: ignore[arg-type]  # of a project

    @property
    def now(self) -> Project:
        assert self.project is not None
        return self.project

    def on(self, at: datetime, stage: str) -> None:
        visit = self.now.course.current
        receipt: dict[str, object] = {"checks": []}
        self.tell(
            at,
            StageAdvanced(stage=visit.stage, visit=visit.number, to_stage=stage, receipt=receipt),
            self._entered(stage),
        )

    def back(self, at: datetime, stage: str) -> None:
        visit = self.now.course.current
        self.tell(
            at,
            StageReturned(stage=visit.stage, visit=visit.number, to_stage=stage, reason="重做"),
            self._entered(stage),
        )

    def _entered(self, stage: str) -> StageEntered:
        number = self.now.course.visits_to(stage) + 1
        return StageEntered(stage=stage, visit=number, from_stage=None)

    def durations(self, until: datetime, time_zone: str = SHANGHAI) -> list[VisitDuration]:
        return visit_durations(self.now, until, time_zone, CHINA)


def test_a_week_at_new_year_has_the_working_days_that_the_government_set() -> None:
    """2026-02-13 is a Friday; the 14th is worked for the holiday from the 15th to the 23rd, and so is the 28th."""
    course = Course(utc("2026-02-13T02:00:00"))
    [visit] = course.durations(utc("2026-02-28T02:00:00"))
    assert visit.length.calendar_days == 15
    assert visit.length.working_days == 1 + 4 + 1  # the 14th, the 24th to the 27th, the 28th
    assert visit.length.seconds == 15 * 86400


def test_days_are_those_of_the_workspaces_zone() -> None:
    """17:00 in UTC is the next day in Shanghai."""
    course = Course(utc("2026-03-16T15:00:00"))
    [there] = course.durations(utc("2026-03-16T17:00:00"))
    [here] = course.durations(utc("2026-03-16T17:00:00"), "UTC")
    assert (there.length.calendar_days, here.length.calendar_days) == (1, 0)


def test_a_suspension_is_told_apart() -> None:
    course = Course(utc("2026-03-02T02:00:00"))
    course.tell(utc("2026-03-03T02:00:00"), SUSPENDED)
    course.tell(utc("2026-03-10T02:00:00"), RESUMED)
    [visit] = course.durations(utc("2026-03-12T02:00:00"))
    assert visit.length == Length(
        seconds=10 * 86400,
        suspended_seconds=7 * 86400,
        net_seconds=3 * 86400,
        calendar_days=10,
        suspended_calendar_days=7,
        working_days=8,
        suspended_working_days=5,
    )


def test_a_suspension_that_goes_on_counts_up_to_now() -> None:
    course = Course(utc("2026-03-02T02:00:00"))
    course.tell(utc("2026-03-03T02:00:00"), SUSPENDED)
    [visit] = course.durations(utc("2026-03-05T02:00:00"))
    assert (visit.open, visit.length.net_seconds) == (True, 86400)


def test_what_lies_between_an_end_and_a_reopening_is_of_no_stage() -> None:
    course = Course(utc("2026-03-02T02:00:00"))
    course.tell(utc("2026-03-03T02:00:00"), SUSPENDED)
    course.tell(utc("2026-03-04T02:00:00"), CLOSED)
    reopened = ProjectReopened(to_stage="initiation", visit=2, reason="重新招标")
    entered = StageEntered(stage="initiation", visit=2, from_stage="initiation")
    course.tell(utc("2026-04-01T02:00:00"), reopened, entered)
    first, second = course.durations(utc("2026-04-02T02:00:00"))
    assert (first.open, first.length.seconds, first.length.net_seconds) == (False, 172800, 86400)
    assert (second.open, second.length.seconds, second.length.net_seconds) == (True, 86400, 86400)


def test_returns_are_counted_where_they_began() -> None:
    course = Course(utc("2026-03-02T02:00:00"))
    course.on(utc("2026-03-03T02:00:00"), "contact")
    course.back(utc("2026-03-05T02:00:00"), "initiation")
    course.on(utc("2026-03-06T02:00:00"), "contact")
    visits = course.durations(utc("2026-03-10T02:00:00"))
    initiation, contact = stage_durations(visits)
    assert (initiation.visits, initiation.returns, initiation.open) == (2, 0, False)
    assert (contact.visits, contact.returns, contact.open) == (2, 1, True)
    assert initiation.length.seconds == 2 * 86400
    assert contact.length.seconds == 6 * 86400


def test_a_visit_left_before_it_was_entered_by_late_entries_says_so() -> None:
    course = Course(utc("2026-03-02T02:00:00"))
    course.on(utc("2026-03-01T02:00:00"), "contact")
    first, second = course.durations(utc("2026-03-03T02:00:00"))
    assert (first.out_of_order, first.length) == (True, Length())
    assert not second.out_of_order


def test_the_first_day_of_the_calendar_is_measured_in_any_zone() -> None:
    course = Course(datetime(1, 1, 1, tzinfo=UTC))
    [visit] = course.durations(datetime(1, 1, 8, tzinfo=UTC), "America/New_York")
    assert (visit.length.calendar_days, visit.length.working_days) == (6, 4)


steps = st.lists(
    st.tuples(
        st.sampled_from(["on", "back", "suspend", "resume", "close", "reopen"]),
        st.integers(min_value=-20_000, max_value=400_000_000),
    ),
    max_size=14,
)


def lived(said: list[tuple[str, int]], *, late: bool) -> tuple[Course, datetime]:
    """The course after what was said, each so many milliseconds after the one before; late: some before it."""
    at = begun = utc("2026-01-20T04:00:00")
    course = Course(at)
    for word, milliseconds in said:
        pause = timedelta(milliseconds=milliseconds * 7 if late else abs(milliseconds) * 7)
        at = max(begun, at + pause)
        status = course.now.status
        if word == "on" and status == "open":
            course.on(at, "contact")
        elif word == "back" and status == "open":
            course.back(at, "initiation")
        elif word == "suspend" and status == "open":
            course.tell(at, SUSPENDED)
        elif word == "resume" and status == "suspended":
            course.tell(at, RESUMED)
        elif word == "close" and status != "closed":
            course.tell(at, CLOSED)
        elif word == "reopen" and status == "closed":
            number = course.now.course.visits_to("initiation") + 1
            reopened = ProjectReopened(to_stage="initiation", visit=number, reason="重来")
            entered = StageEntered(stage="initiation", visit=number, from_stage="contact")
            course.tell(at, reopened, entered)
    return course, at + timedelta(hours=5)


@given(steps, st.booleans(), st.sampled_from([SHANGHAI, "America/New_York", "UTC"]))
def test_lengths_keep_their_order(said: list[tuple[str, int]], late: bool, time_zone: str) -> None:
    course, until = lived(said, late=late)
    for visit in course.durations(until, time_zone):
        length = visit.length
        assert 0 <= length.net_seconds <= length.seconds
        assert length.net_seconds + length.suspended_seconds == length.seconds
        assert 0 <= length.suspended_calendar_days <= length.calendar_days
        assert 0 <= length.working_days <= length.calendar_days
        assert 0 <= length.suspended_working_days <= length.working_days
        assert visit.open == (visit.left_at is None)


@given(steps)
def test_visits_one_after_the_other_add_up_to_the_time_between(said: list[tuple[str, int]]) -> None:
    """Without an end in between."""
    course, until = lived([one for one in said if one[0] != "close"], late=False)
    visits = course.durations(until)
    whole = total(visits)
    first = visits[0].entered_at
    assert whole.seconds == int((until.replace(microsecond=0) - first).total_seconds())
    begun, ended = _day(first), _day(until)
    assert whole.calendar_days == (ended - begun).days
    assert whole.working_days == CHINA.between(begun, ended)
    assert whole == total(visits[:1]) + total(visits[1:])


@given(steps)
def test_stages_add_up_to_their_visits(said: list[tuple[str, int]]) -> None:
    course, until = lived(said, late=True)
    visits = course.durations(until)
    stages = stage_durations(visits)
    assert sum((stage.length for stage in stages), Length()) == total(visits)
    assert sum(stage.visits for stage in stages) == len(visits)
    assert sum(stage.returns for stage in stages) == sum(one.left_by == "return" for one in visits)


def _day(instant: datetime) -> date:
    return (instant + timedelta(hours=8)).date()


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_a_year_has_the_working_days_of_its_days(year: int) -> None:
    days = [date(year, 1, 1) + timedelta(days=place) for place in range(365)]
    one_by_one = sum(CHINA.between(day - timedelta(days=1), day) for day in days)
    assert CHINA.between(days[0] - timedelta(days=1), days[-1]) == one_by_one
    assert 245 <= one_by_one <= 253
