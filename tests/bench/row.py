"""One line of the table, and how hard the run tries."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any

from tests.bench.arithmetic import ratio, spread


@dataclass(frozen=True, slots=True)
class Effort:
    """slice_seconds is the length of one measurement of one side in one round. log_events are the lengths of the logs
    in which auditors ask, projects the size of the portfolio that reports are asked of, each so many questions.
    """

    rounds: int
    slice_seconds: float
    warm_up_seconds: float
    backlog_events: int
    log_events: tuple[int, ...]
    rebuilt_events: int
    sealed_events: int
    projects: int
    questions: int


FULL = Effort(
    rounds=5,
    slice_seconds=1.4,
    warm_up_seconds=0.7,
    backlog_events=5000,
    log_events=(10_000, 1_000_000),
    rebuilt_events=100_000,
    sealed_events=20_000,
    projects=100_000,
    questions=10,
)
QUICK = Effort(
    rounds=3,
    slice_seconds=0.6,
    warm_up_seconds=0.3,
    backlog_events=1500,
    log_events=(10_000, 100_000),
    rebuilt_events=20_000,
    sealed_events=5_000,
    projects=10_000,
    questions=5,
)


@dataclass(frozen=True, slots=True)
class Row:
    """ours and baseline hold one figure per round, in the unit; a named baseline without figures is not installed.
    errors counts what went wrong, by its name.
    """

    what: str
    unit: str
    ours: Sequence[float]
    baseline: Sequence[float] = ()
    baseline_is: str = ""
    aim: str = ""
    note: str = ""
    errors: Mapping[str, int] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        return ratio(self.ours, self.baseline) if self.baseline else None

    def document(self) -> dict[str, Any]:
        return {
            **asdict(self),
            "median": median(self.ours),
            "spread": spread(self.ours),
            "baseline_median": median(self.baseline) if self.baseline else None,
            "ratio": self.ratio,
        }
