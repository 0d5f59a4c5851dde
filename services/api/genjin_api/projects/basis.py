"""Which events said what the checks of a gate read of a project: receipts name them, corrections find receipts by
them. Pure.

Kept beside the nouns, not in them: it is of no interest to whoever reads a risk or a milestone.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any
from uuid import UUID

from genjin.changes.events import (
    ChangeApplied,
    ChangeAssessed,
    ChangeDecided,
    ChangeRaised,
    ChangeSubmitted,
    ChangeWithdrawn,
)
from genjin.documents.events import DocumentAttached, DocumentWithdrawn
from genjin.event import Fact, Stamp
from genjin.findings.events import FindingClosed, FindingCorrected, FindingRaised, FindingRejected
from genjin.milestones.events import (
    MilestoneDropped,
    MilestoneReached,
    MilestoneRescheduled,
    MilestoneSet,
)
from genjin.projects.events import (
    HeaderChanged,
    ProjectCreated,
    RoleAssigned,
    RoleReleased,
    TemplateMigrated,
)
from genjin.risks.events import (
    ResponsePlanned,
    RiskAssessed,
    RiskClosed,
    RiskIdentified,
    RiskOccurred,
    RiskReopened,
)
from genjin.stakeholders.events import (
    RelationshipScored,
    StakeholderChanged,
    StakeholderIdentified,
    StakeholderRemoved,
)
from genjin_api.stakeholders.behind import LINE, role_place, value_place
from genjin_api.stakeholders.state import Stakeholder, Stakeholders

# By the register and the key of the entry in it: place of the entry to the event that said last what stands there.
# Expressions call the registers by the same names. Those of roles are by the role, its places the persons.
Entries = Mapping[str, Mapping[str, UUID]]
Basis = Mapping[str, Entries]

ENTRY, STATUS = "", "/status"
SCORE, ANSWERED, ANSWERED_SCORE = "/score", "/answered", "/answered_score"
SUBMITTED, DECISION = "/submitted", "/decision"
DUE_ON = "/due_on"
_STANCE, _SCORES = value_place("stance"), "/scores"


def events_at(
    basis: Basis,
    register: str,
    entries: Iterable[str | None] | None,
    places: Collection[str] | None = None,
) -> list[UUID]:
    """The events behind some entries of a register at some of their places, None: at all of them; oldest first."""
    known = basis.get(register, {})
    read = known.values() if entries is None else [known.get(key or "", {}) for key in entries]
    return sorted(
        {
            event
            for entry in read
            for place, event in entry.items()
            if places is None or place in places
        }
    )


def go_on(
    basis: Basis, fact: Fact, stamp: Stamp, before: Stakeholders, after: Stakeholders
) -> Basis:
    """before and after: the stakeholders around the event."""
    found = _PLACES.get(type(fact))
    if found is not None:
        register, keys_of, places = found
        return _said(basis, register, dict.fromkeys(keys_of(fact), places), stamp.event_id)
    if before is not after:
        return _of_stakeholders(basis, fact, stamp.event_id, before, after)
    match fact:
        case ResponsePlanned():
            return _answered(basis, str(fact.risk_id), stamp.event_id)
        case RoleAssigned() | RoleReleased():
            return _said(basis, "roles", {fact.role: (str(fact.person_id),)}, stamp.event_id)
        case TemplateMigrated():
            return {**basis, "roles": _renamed(basis.get("roles", {}), fact.roles)}
        case _:
            return basis


def _said(
    basis: Basis, register: str, places: Mapping[str, Iterable[str]], event_id: UUID
) -> Basis:
    known = basis.get(register, {})
    said = {
        key: {**known.get(key, {}), **dict.fromkeys(at, event_id)} for key, at in places.items()
    }
    return {**basis, register: {**known, **said}}


def _answered(basis: Basis, risk: str, event_id: UUID) -> Basis:
    """A response holds for the score that it was planned for: it rests on the assessment of then."""
    places = {**basis["risks"][risk], ANSWERED: event_id}
    if SCORE in places:
        places[ANSWERED_SCORE] = places[SCORE]
    return {**basis, "risks": {**basis["risks"], risk: places}}


def _renamed(known: Entries, roles: Mapping[str, str]) -> Entries:
    """Of two roles that become one, what was said of a person last."""
    renamed: dict[str, dict[str, UUID]] = {}
    for role, places in known.items():
        there = renamed.setdefault(roles.get(role, role), {})
        for person, event in places.items():
            there[person] = max(event, there.get(person, event))
    return renamed


def _of_stakeholders(
    basis: Basis, fact: Fact, event_id: UUID, before: Stakeholders, after: Stakeholders
) -> Basis:
    """Who is identified again begins anew, but for the scores; a removal moves the lines of others too."""
    moved = {
        key: list(_moved(before.get(key), one))
        for key, one in after.items()
        if before.get(key) is not one
    }
    known = basis.get("stakeholders", {})
    match fact:
        case StakeholderChanged() if "stance" in fact.values:
            moved[str(fact.contact_id)].append(_STANCE)
        case StakeholderIdentified() | StakeholderRemoved():
            key = str(fact.contact_id)
            scores = {at: event for at, event in known.get(key, {}).items() if at == _SCORES}
            known = {**known, key: scores}
        case _:
            pass
    return _said({**basis, "stakeholders": known}, "stakeholders", moved, event_id)


def _moved(before: Stakeholder | None, after: Stakeholder) -> Iterator[str]:
    """A place for each role that came or went: of one that went, the event that took it away is kept."""
    if before is None or before.status != after.status:
        yield ENTRY
        before = None
    roles = set(before.roles) if before else set()
    yield from (role_place(role) for role in sorted(roles ^ set(after.roles)))
    if (before.reports_to if before else None) != after.reports_to:
        yield LINE


def _one(name: str) -> Callable[[Any], Iterable[str]]:
    return lambda fact: (str(getattr(fact, name)),)


def _header(fact: ProjectCreated | HeaderChanged) -> Iterable[str]:
    return fact.header


_RISK, _CHANGE = _one("risk_id"), _one("change_id")
_MILESTONE, _FINDING = _one("milestone_id"), _one("finding_id")
_DOCUMENT = _one("document_id")

# The register, the keys of the entries that a fact tells of, and the places of them that it tells.
_PLACES: Mapping[type[Fact], tuple[str, Callable[[Any], Iterable[str]], tuple[str, ...]]] = {
    ProjectCreated: ("header", _header, (ENTRY,)),
    HeaderChanged: ("header", _header, (ENTRY,)),
    RiskIdentified: ("risks", _RISK, (ENTRY,)),
    RiskAssessed: ("risks", _RISK, (SCORE,)),
    RiskOccurred: ("risks", _RISK, ("/occurred",)),
    RiskClosed: ("risks", _RISK, (STATUS,)),
    RiskReopened: ("risks", _RISK, (STATUS, ANSWERED, ANSWERED_SCORE)),
    ChangeRaised: ("changes", _CHANGE, (ENTRY,)),
    ChangeAssessed: ("changes", _CHANGE, ("/impact",)),
    ChangeSubmitted: ("changes", _CHANGE, (SUBMITTED,)),
    ChangeDecided: ("changes", _CHANGE, (DECISION,)),
    ChangeApplied: ("changes", _CHANGE, (STATUS,)),
    ChangeWithdrawn: ("changes", _CHANGE, (STATUS,)),
    MilestoneSet: ("milestones", _MILESTONE, (ENTRY,)),
    MilestoneRescheduled: ("milestones", _MILESTONE, (DUE_ON,)),
    MilestoneReached: ("milestones", _MILESTONE, (STATUS,)),
    MilestoneDropped: ("milestones", _MILESTONE, (STATUS,)),
    FindingRaised: ("findings", _FINDING, (ENTRY,)),
    FindingCorrected: ("findings", _FINDING, (STATUS,)),
    FindingRejected: ("findings", _FINDING, (STATUS,)),
    FindingClosed: ("findings", _FINDING, (STATUS,)),
    DocumentAttached: ("documents", _DOCUMENT, (ENTRY,)),
    DocumentWithdrawn: ("documents", _DOCUMENT, (STATUS,)),
    RelationshipScored: ("stakeholders", _one("contact_id"), (_SCORES,)),
}
