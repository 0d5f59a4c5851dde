"""The signing keys of a workspace as far as they are asked for; the sealer makes them."""

from dataclasses import dataclass
from datetime import datetime

from genjin.event import Stamp
from genjin.evidence.events import LogKeyFact


@dataclass(frozen=True, slots=True)
class Rotations:
    """The last request for a new key."""

    reason: str
    requested_at: datetime
    version: int


def evolve(_rotations: Rotations | None, fact: LogKeyFact, stamp: Stamp) -> Rotations:
    return Rotations(fact.reason, stamp.occurred_at, stamp.version)
