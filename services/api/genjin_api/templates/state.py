"""A workspace's own process template as it stands: its draft, and every version that was published."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.templates.events import (
    TemplateDrafted,
    TemplateFact,
    TemplatePublished,
    TemplateRetired,
)


@dataclass(frozen=True, slots=True)
class Draft:
    body: Mapping[str, Any]
    saved_at: datetime
    author_id: UUID


@dataclass(frozen=True, slots=True)
class Published:
    """retired_at null: new projects may begin with it."""

    version: int
    body: Mapping[str, Any]
    body_hash: str
    published_at: datetime
    publisher_id: UUID
    retired_at: datetime | None = None
    retirement_reason: str = ""


@dataclass(frozen=True, slots=True)
class OwnTemplate:
    """versions by their numbers as text, the oldest first; version is that of the stream."""

    id: UUID
    key: str
    version: int
    draft: Draft | None = None
    versions: Mapping[str, Published] = field(default_factory=dict)

    @property
    def newest(self) -> Published | None:
        """The newest version that is not retired."""
        open_ = [one for one in self.versions.values() if one.retired_at is None]
        return open_[-1] if open_ else None

    @property
    def next_version(self) -> int:
        return len(self.versions) + 1


def evolve(template: OwnTemplate | None, fact: TemplateFact, stamp: Stamp) -> OwnTemplate:
    if template is None:
        template = OwnTemplate(stamp.stream_id, fact.key, stamp.version)
    now = replace(template, version=stamp.version)
    match fact:
        case TemplateDrafted():
            return replace(now, draft=Draft(fact.body, stamp.occurred_at, stamp.actor.id))
        case TemplatePublished():
            published = Published(
                fact.version, fact.body, fact.body_hash, stamp.occurred_at, stamp.actor.id
            )
            versions = {**template.versions, str(fact.version): published}
            return replace(now, draft=None, versions=versions)
        case TemplateRetired():
            retired = replace(
                template.versions[str(fact.version)],
                retired_at=stamp.occurred_at,
                retirement_reason=fact.reason,
            )
            return replace(now, versions={**template.versions, str(fact.version): retired})
        case _:
            assert_never(fact)
