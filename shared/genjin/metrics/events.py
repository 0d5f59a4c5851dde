"""Facts of a project's metrics: record a value, set a target."""

from datetime import date
from typing import ClassVar

from genjin.event import Fact


class MetricRecorded(Fact):
    """on is the day that the value is of."""

    type: ClassVar[str] = "metric.recorded"
    metric: str
    value: float
    on: date
    note: str


class MetricTargetSet(Fact):
    """The project's own target; None: the template's again."""

    type: ClassVar[str] = "metric.target_set"
    metric: str
    target: float | None
    reason: str


MetricFact = MetricRecorded | MetricTargetSet
