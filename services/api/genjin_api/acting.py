"""Who acts and when: what every decider is told besides the state and the command."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from genjin.event import Actor, Fact
from genjin_api.refusal import Refusal

WorkspaceRole = Literal["owner", "admin", "auditor", "member"]


@dataclass(frozen=True, slots=True)
class Caller:
    """The person behind the credential. Every credential (API keys now) ends in one of these, made in one place."""

    workspace_id: UUID
    person_id: UUID
    name: str
    workspace_role: WorkspaceRole
    time_zone: str

    @property
    def administers(self) -> bool:
        return self.workspace_role in ("owner", "admin")

    def actor(self, role: str | None) -> Actor:
        return Actor("person", self.person_id, self.name, role)


@dataclass(frozen=True, slots=True)
class Moment:
    """When something is decided or looked at, in the workspace's time zone: days are those of its calendar."""

    now: datetime
    time_zone: str

    @property
    def today(self) -> date:
        return self.day_of(self.now)

    def day_of(self, instant: datetime) -> date:
        return instant.astimezone(ZoneInfo(self.time_zone)).date()


@dataclass(frozen=True, slots=True)
class Decided:
    """What a command comes to. role is the project role that the caller acted in. No facts: nothing to change."""

    facts: Sequence[Fact]
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Unsealed:
    """Decided, but some values are personal: seal makes the facts with the keys of these subjects, whose ids are texts.
    So nothing in the clear gets any further. seal refuses what only the keys bring to light.
    """

    subjects: Collection[str]
    seal: Callable[[Mapping[str, bytes]], Decided | Refusal]


Decision = Decided | Unsealed | Refusal
