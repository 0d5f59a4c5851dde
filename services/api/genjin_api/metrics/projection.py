"""A project's metrics: genjin.metric with the newest value of each, genjin.metric_value with all of them."""

from collections.abc import Iterable
from dataclasses import fields
from typing import Any
from uuid import UUID

from genjin_api.metrics.state import Metric, Metrics
from genjin_api.streams import Rows

_SHOWN = tuple(
    field.name for field in fields(Metric) if field.name not in ("last_recorded", "target_event_id")
)


def metric_document(metric: Metric) -> dict[str, Any]:
    return {name: getattr(metric, name) for name in _SHOWN}


def metric_row(project_id: UUID, metric: Metric) -> dict[str, Any]:
    newest = metric.newest
    return {
        "project_id": project_id,
        "metric": metric.key,
        "value": newest.value if newest else None,
        "recorded_on": newest.on if newest else None,
        "body": metric_document(metric),
    }


def value_rows(project_id: UUID, version: int, before: Metrics, after: Metrics) -> Rows:
    """The row of genjin.metric_value that the event of a version adds, if it recorded a value."""
    if after is before:
        return {}
    values = [
        (key, metric.last_recorded)
        for key, metric in after.items()
        if metric is not before.get(key) and metric.last_recorded is not None
    ]
    rows = [
        {
            "project_id": project_id,
            "metric": key,
            "recorded_on": value.on,
            "version": version,
            "value": value.value,
            "body": value,
        }
        for key, value in values
        if key not in before or value is not before[key].last_recorded
    ]
    return {"metric_value": rows} if rows else {}


# A project's metrics that have a value or a target of their own.
LIST = """
SELECT body FROM genjin.metric WHERE workspace_id = $1 AND project_id = $2 ORDER BY metric COLLATE "C"
"""


def listed_from(metrics: Metrics) -> Iterable[dict[str, Any]]:
    """What LIST answers, from a state."""
    return [metric_document(metrics[key]) for key in sorted(metrics)]


# A page of a metric's values, the latest day first, after ($5, $6): those recorded up to the project's version $4.
VALUES = """
SELECT body, recorded_on, version FROM genjin.metric_value
 WHERE workspace_id = $1 AND project_id = $2 AND metric = $3 AND version <= $4
   AND ($5::date IS NULL OR (recorded_on, version) < ($5, $6::int))
 ORDER BY recorded_on DESC, version DESC LIMIT $7
"""
