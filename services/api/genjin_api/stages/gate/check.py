"""One thing that a gate looked at, what it found, and the events that this rests on."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.templates.blockers import BlockerCode

_OF_CONDITIONS = frozenset(
    {
        "condition_not_met",
        "approval_missing",
        "milestone_open",
        "metric_out_of_band",
        "finding_open",
        "document_missing",
        "change_undecided",
    }
)


@dataclass(frozen=True, slots=True)
class Check:
    """code is the blocker that this check is when it does not pass; subject says of what (a condition, a role …)."""

    code: BlockerCode
    subject: str
    passed: bool
    value: Any
    events: tuple[UUID, ...] = ()

    @property
    def is_of_condition(self) -> bool:
        """Whether the subject may be the key of a condition."""
        return self.code in _OF_CONDITIONS

    def document(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "subject": self.subject,
            "passed": self.passed,
            "value": self.value,
            "events": [str(event) for event in self.events],
        }

    def blocker(self) -> dict[str, Any]:
        return {"code": self.code, "subject": self.subject, "value": self.value}


def oldest_first(*events: Iterable[UUID]) -> tuple[UUID, ...]:
    """Several groups of events as one, each event once."""
    return tuple(sorted({event for group in events for event in group}))
