"""Points in a log, as as_of names them: a version of the project, @position in the log, a time, or a day."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from genjin_api.http.problems import ProblemError
from genjin_api.refusal import FieldError

TEXT_MAX = 40
TIME_OR_DAY = (
    "an RFC 3339 time (2026-11-22T09:30:00+08:00), at which it is shown as it was recorded by then, or a day"
    " (2026-11-22): its end in the workspace's time zone, or now while it is not over"
)
RULE = f"a version of the project (7), a position in the log (@1234), {TIME_OR_DAY}"

_VERSION = re.compile(r"[1-9][0-9]{0,8}")
_POSITION = re.compile(r"@[1-9][0-9]{0,14}")
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,6})?([Zz]|[ +-]\d\d:\d\d)", re.ASCII)


@dataclass(frozen=True, slots=True)
class AtVersion:
    version: int


@dataclass(frozen=True, slots=True)
class AtPosition:
    position: int


@dataclass(frozen=True, slots=True)
class AtTime:
    """What the log held at this time: recorded then or before."""

    time: datetime


@dataclass(frozen=True, slots=True)
class OnDay:
    """What the log held at the end of this calendar day of the workspace; of a day that is not over, what it holds."""

    day: date


Point = AtVersion | AtPosition | AtTime | OnDay


def parse_point(text: str, parameter: str) -> Point:
    """The point that a query parameter names, or a 422 that names the parameter."""
    if _VERSION.fullmatch(text):
        return AtVersion(int(text))
    if _POSITION.fullmatch(text):
        return AtPosition(int(text[1:]))
    if _TIME.fullmatch(text) and (moment := _moment(text)):
        return AtTime(moment)
    if _DAY.fullmatch(text) and (day := _day(text)):
        return OnDay(day)
    raise point_refused(parameter, f"must be {RULE}")


def _moment(text: str) -> datetime | None:
    """A plus sign that nobody escaped comes as a space."""
    try:
        return datetime.fromisoformat(text.replace(" ", "+").upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def end_of_day(day: date, time_zone: str) -> datetime:
    """The last microsecond of a calendar day, which is the finest that the log's clock tells apart."""
    following = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(time_zone))
    return following.astimezone(UTC) - timedelta(microseconds=1)


def point_refused(parameter: str, detail: str) -> ProblemError:
    error = FieldError(f"?{parameter}", "invalid", detail)
    return ProblemError("validation_failed", "see errors", errors=(error,))


def in_future(parameter: str, detail: str) -> ProblemError:
    """What is not written yet may become anything: an answer about it could not be kept."""
    error = FieldError(f"?{parameter}", "in_future", detail)
    return ProblemError("point_in_future", detail, errors=(error,))
