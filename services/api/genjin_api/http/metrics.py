"""What the process measures of itself, for Prometheus at /metrics."""

from functools import lru_cache

from prometheus_client import Gauge, Histogram

_REQUESTS = Histogram(
    "genjin_http_request_seconds",
    "Seconds from a request's arrival to its answer",
    ("method", "route", "status"),
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)

STREAMS = Gauge("genjin_streams_open", "Live streams and exports under way")


@lru_cache(maxsize=2000)
def _of(method: str, route: str, status: int) -> Histogram:
    return _REQUESTS.labels(method, route, str(status))


def observe(method: str, route: str, status: int, seconds: float) -> None:
    """route is the path's template, never the path itself: its values are without number."""
    _of(method, route, status).observe(seconds)
