"""The projects of an engagement, and the engagements of a project, as they stand after their events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from genjin.engagements.events import (
    EngagementJoined,
    EngagementLeft,
    Origin,
    ProjectLinked,
    ProjectUnlinked,
)
from genjin.event import Stamp
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced when it ends
class Link:
    """With the other side: id and code are the project's in an engagement, the engagement's in a project. One that was
    linked again has the times of the last link.
    """

    id: UUID
    code: str
    origin: Origin
    status: Literal["linked", "unlinked"]
    reason: str
    linked_at: datetime
    linked_by: UUID
    unlinked_at: datetime | None = None
    unlinking_reason: str = ""


# By the id of the other side, oldest first.
Links = Mapping[str, Link]


def linked(links: Links) -> list[Link]:
    return [link for link in links.values() if link.status == "linked"]


def is_linked(links: Links, identifier: UUID) -> bool:
    link = links.get(str(identifier))
    return link is not None and link.status == "linked"


def evolve_projects(links: Links, fact: ProjectLinked | ProjectUnlinked, stamp: Stamp) -> Links:
    """Those of an engagement."""
    if isinstance(fact, ProjectUnlinked):
        return _without(links, fact.project_id, fact.reason, stamp)
    return _with(links, fact.project_id, fact.project_code, fact.origin, fact.reason, stamp)


def evolve_engagements(
    links: Links, fact: EngagementJoined | EngagementLeft, stamp: Stamp
) -> Links:
    """Those of a project."""
    if isinstance(fact, EngagementLeft):
        return _without(links, fact.engagement_id, fact.reason, stamp)
    return _with(links, fact.engagement_id, fact.engagement_code, fact.origin, fact.reason, stamp)


def _with(
    links: Links, identifier: UUID, code: str, origin: Origin, reason: str, stamp: Stamp
) -> Links:
    link = Link(
        id=identifier,
        code=code,
        origin=origin,
        status="linked",
        reason=reason,
        linked_at=stamp.occurred_at,
        linked_by=stamp.actor.id,
    )
    return {**links, str(identifier): link}


def _without(links: Links, identifier: UUID, reason: str, stamp: Stamp) -> Links:
    key = str(identifier)
    ended = replace(
        links[key], status="unlinked", unlinked_at=stamp.occurred_at, unlinking_reason=reason
    )
    return {**links, key: ended}
