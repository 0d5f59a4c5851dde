"""The command that corrects a wrong fact by a new one that names it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.corrections.events import EntryCorrected, ReceiptReference
from genjin.event import Fact
from genjin.forms.events import FormErased
from genjin.projects.events import (
    ProjectClosed,
    ProjectCreated,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
    RoleAssigned,
    RoleReleased,
    TemplateMigrated,
)
from genjin.stages.events import (
    AdvanceRefused,
    GateOverridden,
    StageAdvanced,
    StageEntered,
    StageReturned,
    StageSkipped,
)
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Prose, example
from genjin_api.projects.access import acting_role
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal
from genjin_api.stages.state import Course, Visit

CORRECTIONS_MAX = 1000

# What Genjin itself says, and what moves a project: the next move puts that right, no statement does.
_NOT_CORRECTABLE: tuple[type[Fact], ...] = (
    *(StageEntered, StageAdvanced, StageSkipped, StageReturned, AdvanceRefused, FormErased),
    *(ProjectCreated, ProjectSuspended, ProjectResumed, ProjectClosed, ProjectReopened),
    *(TemplateMigrated, RoleAssigned, RoleReleased),
)
NOT_CORRECTABLE = frozenset(fact.type for fact in _NOT_CORRECTABLE)


class CorrectEntry(Command):
    """reason: what is wrong with the event and how it came about. note: what is right. A new value is recorded by its
    own command besides.
    """

    model_config = example(
        event_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e13",
        reason="会议纪要日期抄错",
        note="会议在3月6日举行，不是3月16日",
    )

    event_id: UUID
    reason: Prose
    note: Prose


@dataclass(frozen=True, slots=True)
class Entry:
    """The event that is to be corrected, as it stands in the project's stream."""

    id: UUID
    type: str
    actor_id: UUID
    actor_role: str | None
    data: dict[str, Any]


def correct(
    project: Project, command: CorrectEntry, entry: Entry | None, caller: Caller
) -> Decision:
    """In a closed project too: the receipts that rest on a wrong fact outlive it."""
    if entry is None:
        return _refused(f"the project has no event {command.event_id}")
    if entry.type in NOT_CORRECTABLE:
        return _refused(f"{entry.type} is no entry of a person that may be corrected")
    if str(entry.id) in project.corrections:
        by = project.corrections[str(entry.id)].correction_event_id
        return _refused(f"the event was corrected already, by {by}: correct that one")
    if len(project.corrections) >= CORRECTIONS_MAX:
        return _refused(f"a project has at most {CORRECTIONS_MAX} corrections")
    roles = project.roles_of(caller.person_id)
    own_role = entry.actor_role if entry.actor_role in roles else None
    if not (caller.person_id == entry.actor_id or own_role or caller.administers):
        whose = entry.actor_role or "no role of the project"
        return _refused(
            f"only its author, a holder of {whose}, an owner or an admin may correct it"
        )
    closed = project.status == "closed"
    fact = EntryCorrected(
        event_id=entry.id,
        event_type=entry.type,
        reason=command.reason,
        note=command.note,
        receipts=tuple(
            ReceiptReference(stage=visit.stage, visit=visit.number)
            for visit in resting_on(project.course, entry)
        ),
        facts_version=None if closed else project.course.current.facts_version + 1,
    )
    return Decided([fact], own_role or acting_role(project, caller))


def resting_on(course: Course, entry: Entry) -> list[Visit]:
    """The visits whose receipts name the event, or were written by the override that it is."""
    return [
        visit
        for visit in course.visits.values()
        if visit.receipt is not None and (_names(visit, entry) or _is_override(visit, entry))
    ]


def _names(visit: Visit, entry: Entry) -> bool:
    receipt = visit.receipt or {"checks": ()}
    named = (receipt.get("way_events", ()), *(check["events"] for check in receipt["checks"]))
    return any(str(entry.id) in events for events in named)


def _is_override(visit: Visit, entry: Entry) -> bool:
    if entry.type != GateOverridden.type:
        return False
    return (visit.stage, visit.number) == (entry.data["stage"], entry.data["visit"])


def _refused(detail: str) -> Refusal:
    return field_refusal("correction_refused", "/event_id", detail)
