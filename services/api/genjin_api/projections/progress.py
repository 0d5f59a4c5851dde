"""How far a rebuild is, on standard error: a bar on a terminal, else a line now and then."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bar
from rich.text import Text

LINE_SECONDS = 5.0

Show = Callable[["Progress"], None]
Clock = Callable[[], float]


class Progress:
    """Counts events. Those that are read again while a rebuild catches up are counted again."""

    def __init__(self, show: Show, clock: Clock = time.monotonic) -> None:
        """clock tells seconds that never go back."""
        self._show = show
        self._clock = clock
        self._began = clock()
        self.doing = "folding"
        self.total = 0
        self.events = 0

    def start(self, total: int) -> None:
        self.total = total
        self._show(self)

    def count(self, events: int) -> None:
        self.events += events
        self.total = max(self.total, self.events)
        self._show(self)

    def say(self, doing: str) -> None:
        self.doing = doing
        self._show(self)

    @property
    def seconds(self) -> float:
        return self._clock() - self._began

    @property
    def rate(self) -> float:
        """Events per second since the beginning."""
        return self.events / max(self.seconds, 0.001)

    def line(self) -> str:
        if not self.events:
            return f"{self.doing}: {self.total} events"
        left = (self.total - self.events) / self.rate
        return f"{self.doing}: {self.events} of {self.total} events, {self.rate:.0f}/s, {left:.0f} s left"


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.speed or 0:.0f} events/s")


@contextmanager
def shown_progress(on: Console | None = None, clock: Clock = time.monotonic) -> Iterator[Progress]:
    """on: another console than standard error."""
    console = on or Console(stderr=True)
    if not console.is_terminal:
        yield Progress(_Lines(console), clock)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=console, get_time=clock) as bar:
        yield Progress(_moving(bar, bar.add_task("folding", total=None)), clock)


def _moving(bar: Bar, task: TaskID) -> Show:
    return lambda now: bar.update(
        task, description=now.doing, completed=now.events, total=now.total
    )


class _Lines:
    """One when something else begins, and one in a while."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._doing = ""
        self._shown_at = 0.0

    def __call__(self, now: Progress) -> None:
        if now.doing != self._doing or now.seconds - self._shown_at >= LINE_SECONDS:
            self._doing, self._shown_at = now.doing, now.seconds
            self._console.print(now.line(), highlight=False, soft_wrap=True)
