"""A project's metrics as they stand after its events: of each the newest value. All values stand in
genjin.metric_value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.metrics.events import MetricFact, MetricRecorded, MetricTargetSet
from genjin.templates.registers import Metric as Spec
from genjin_api.replacing import replace


@dataclass(frozen=True, slots=True)
class MetricValue:
    """on is the day that the value is of. recorded_in is the visit in which it was recorded, by its ordinal."""

    value: float
    on: date
    note: str
    recorded_by: UUID
    recorder_name: str
    recorded_at: datetime
    recorded_in: int
    event_id: UUID


@dataclass(frozen=True)  # no slots: replaced with every event
class Metric:
    """newest is the value of the latest day, of several on one day the one that was recorded last; last_recorded may
    be another, of an earlier day. target None: the template's; target_event_id is the event that set it so.
    """

    key: str
    count: int = 0
    newest: MetricValue | None = None
    target: float | None = None
    target_reason: str = ""
    target_event_id: UUID | None = None
    last_recorded: MetricValue | None = None

    def target_by(self, spec: Spec) -> float | None:
        """The target that holds: the project's own, else the template's."""
        return spec.target if self.target is None else self.target

    def rests_on(self) -> tuple[UUID, ...]:
        """The events that made the value and the target what they are."""
        value = (self.newest.event_id,) if self.newest else ()
        return value if self.target_event_id is None else (*value, self.target_event_id)


Metrics = Mapping[str, Metric]


def evolve(metrics: Metrics, fact: MetricFact, stamp: Stamp, visit: int) -> Metrics:
    """visit is the ordinal of the one in which it happens."""
    metric = metrics.get(fact.metric) or Metric(fact.metric)
    match fact:
        case MetricRecorded():
            now = _recorded(metric, fact, stamp, visit)
        case MetricTargetSet():
            now = replace(
                metric,
                target=fact.target,
                target_reason=fact.reason,
                target_event_id=stamp.event_id,
            )
        case _:
            assert_never(fact)
    return {**metrics, fact.metric: now}


def _recorded(metric: Metric, fact: MetricRecorded, stamp: Stamp, visit: int) -> Metric:
    value = MetricValue(
        value=fact.value,
        on=fact.on,
        note=fact.note,
        recorded_by=stamp.actor.id,
        recorder_name=stamp.actor.name,
        recorded_at=stamp.occurred_at,
        recorded_in=visit,
        event_id=stamp.event_id,
    )
    late = metric.newest is not None and value.on < metric.newest.on
    newest = metric.newest if late else value
    return replace(metric, count=metric.count + 1, newest=newest, last_recorded=value)
