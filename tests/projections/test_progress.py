"""How far a rebuild is: counted in events, shown as lines, or as a bar on a terminal."""

import io
from dataclasses import dataclass, field

import pytest
from rich.console import Console

from genjin_api.projections.progress import LINE_SECONDS, Progress, shown_progress
from tests.projections.filled import Installation


@dataclass
class Clock:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Fold:
    """A rebuild whose events and seconds the test tells."""

    total: int
    clock: Clock = field(default_factory=Clock)
    shown: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.progress = Progress(lambda now: self.shown.append(now.line()), self.clock)
        self.progress.start(self.total)

    def reads(self, events: int, *, in_seconds: float) -> None:
        self.clock.seconds += in_seconds
        self.progress.count(events)


def test_before_the_first_event_a_line_says_how_many_there_are() -> None:
    fold = Fold(total=30_000)
    assert fold.shown == ["folding: 30000 events"]


def test_a_line_says_how_far_it_is_how_fast_and_how_long_it_will_take() -> None:
    fold = Fold(total=30_000)
    fold.reads(5000, in_seconds=2)
    assert fold.shown[-1] == "folding: 5000 of 30000 events, 2500/s, 10 s left"
    fold.reads(5000, in_seconds=6)
    assert fold.shown[-1] == "folding: 10000 of 30000 events, 1250/s, 16 s left"


def test_the_rate_is_that_since_the_beginning() -> None:
    fold = Fold(total=30_000)
    fold.reads(1000, in_seconds=1)
    fold.reads(1000, in_seconds=3)
    assert (fold.progress.rate, fold.progress.seconds) == (500, 4)


def test_events_in_no_time_have_a_rate_still() -> None:
    fold = Fold(total=100)
    fold.reads(50, in_seconds=0)
    assert fold.progress.rate == 50_000


def test_events_that_are_read_again_raise_the_total_and_nothing_is_left() -> None:
    fold = Fold(total=100)
    fold.reads(130, in_seconds=10)
    assert fold.shown[-1] == "folding: 130 of 130 events, 13/s, 0 s left"


def test_what_is_done_next_stands_in_the_line() -> None:
    fold = Fold(total=100)
    fold.reads(100, in_seconds=10)
    fold.progress.say("comparing")
    assert fold.shown[-1] == "comparing: 100 of 100 events, 10/s, 0 s left"


def test_a_rebuild_of_an_empty_log_has_a_line_too() -> None:
    fold = Fold(total=0)
    fold.progress.say("comparing")
    assert fold.shown == ["folding: 0 events", "comparing: 0 events"]


def file_console(*, terminal: bool) -> tuple[Console, io.StringIO]:
    written = io.StringIO()
    console = Console(
        file=written, force_terminal=terminal, width=120, color_system=None, legacy_windows=False
    )
    return console, written


def test_without_a_terminal_a_line_comes_when_something_else_begins_and_now_and_then() -> None:
    console, written = file_console(terminal=False)
    clock = Clock()
    with shown_progress(console, clock) as progress:
        progress.start(1000)
        for _ in range(10):
            clock.seconds += LINE_SECONDS / 5
            progress.count(10)
        progress.say("comparing")
    assert written.getvalue().splitlines() == [
        "folding: 1000 events",
        "folding: 50 of 1000 events, 10/s, 95 s left",
        "folding: 100 of 1000 events, 10/s, 90 s left",
        "comparing: 100 of 1000 events, 10/s, 90 s left",
    ]


def test_on_a_terminal_a_bar_shows_the_count_the_rate_and_the_time_left() -> None:
    console, written = file_console(terminal=True)
    clock = Clock()
    with shown_progress(console, clock) as progress:
        progress.start(3000)
        for _ in range(4):
            clock.seconds += 1
            progress.count(250)
        progress.say("comparing")
    last = [line for line in written.getvalue().splitlines() if "events/s" in line][-1]
    assert "comparing" in last
    assert "1000/3000" in last
    assert "250 events/s" in last
    assert "0:00:08" in last


@pytest.mark.parametrize("command", ["rebuild", "verify"])
async def test_a_real_rebuild_tells_of_every_event_that_it_reads(
    installation: Installation, command: str
) -> None:
    events = await installation.value("SELECT count(*) FROM genjin.event")
    told = ("--report", "r.json") if command == "rebuild" else ()
    done = await installation.projections(command, *told)
    assert done.exit_code == 0, done.err
    first, *_, last = done.err.splitlines()
    assert first == f"folding: {events} events"
    assert last.startswith(f"comparing: {events} of {events} events, ")
    assert last.endswith("/s, 0 s left")
