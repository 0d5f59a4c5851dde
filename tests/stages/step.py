"""One decision of a random process, as the rules are held against it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from genjin.event import Fact
from genjin.templates.model import Template
from genjin_api.acting import Caller, Moment
from genjin_api.projects.state import Project
from tests.stages.retelling import Stay


@dataclass(frozen=True)
class Step:
    """A decision. stay is told from the facts before it; facts are those that it came to, role the one that they are
    marked with; target is the template that a migration leads to.
    """

    before: Project
    template: Template
    caller: Caller
    facts: Sequence[Fact]
    role: str | None
    stay: Stay
    moment: Moment
    target: Template | None

    @property
    def roles(self) -> set[str]:
        return set(self.before.roles_of(self.caller.person_id))

    def of(self, kind: type[Any]) -> list[Any]:
        return [fact for fact in self.facts if isinstance(fact, kind)]
