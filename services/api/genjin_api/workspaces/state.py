"""A workspace as it stands."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from genjin.event import Stamp
from genjin.workspaces.events import WorkspaceFact


@dataclass(frozen=True, slots=True)
class Workspace:
    id: UUID
    name: str
    time_zone: str
    created_at: datetime
    version: int


def evolve(_workspace: Workspace | None, fact: WorkspaceFact, stamp: Stamp) -> Workspace:
    return Workspace(stamp.stream_id, fact.name, fact.time_zone, stamp.occurred_at, stamp.version)
