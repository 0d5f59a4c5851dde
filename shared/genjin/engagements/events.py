"""Facts of an engagement and its projects: each link is told in both streams, in one commit."""

from typing import ClassVar, Literal
from uuid import UUID

from genjin.event import Fact

Origin = Literal["spawned", "grouped"]


class ProjectLinked(Fact):
    """In the engagement's stream. spawned: the project was made from there; grouped: it was there before."""

    type: ClassVar[str] = "engagement.project_linked"
    project_id: UUID
    project_code: str
    origin: Origin
    reason: str


class ProjectUnlinked(Fact):
    type: ClassVar[str] = "engagement.project_unlinked"
    project_id: UUID
    reason: str


class EngagementJoined(Fact):
    """In the project's stream."""

    type: ClassVar[str] = "engagement.joined"
    engagement_id: UUID
    engagement_code: str
    origin: Origin
    reason: str


class EngagementLeft(Fact):
    type: ClassVar[str] = "engagement.left"
    engagement_id: UUID
    reason: str


EngagementFact = ProjectLinked | ProjectUnlinked | EngagementJoined | EngagementLeft
