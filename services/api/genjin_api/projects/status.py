"""Whether a project goes on, stands still or has ended, and since when. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from genjin.event import Stamp

Status = Literal["open", "suspended", "closed"]


@dataclass(frozen=True, slots=True)
class Suspension:
    reason: str
    until: date | None
    since: datetime


@dataclass(frozen=True, slots=True)
class EndedSuspension:
    """By a resumption, or by the end of the project."""

    since: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class Closing:
    outcome: str
    reason_code: str | None
    reason: str
    at: datetime


# Oldest first.
EndedSuspensions = tuple[EndedSuspension, ...]


def end_suspension(
    suspension: Suspension | None, ended: EndedSuspensions, stamp: Stamp
) -> EndedSuspensions:
    """Those that have ended now; none more where the project did not stand still."""
    if suspension is None:
        return ended
    return (*ended, EndedSuspension(suspension.since, stamp.occurred_at))
