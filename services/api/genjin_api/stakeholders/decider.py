"""Commands on the people inside a project's customer: identify, change, score the relationship, remove."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from genjin.stakeholders.events import (
    RelationshipScored,
    StakeholderChanged,
    StakeholderErased,
    StakeholderIdentified,
    StakeholderRemoved,
)
from genjin.subjects.contexts import score_context, stakeholder_context
from genjin.subjects.sealed_values import seal_places
from genjin_api.acting import Caller, Decided, Decision, Moment, Unsealed
from genjin_api.contacts.state import Contact, places_of_person
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stakeholders.commands import (
    ChangeStakeholder,
    IdentifyStakeholder,
    RemoveStakeholder,
    ScoreRelationship,
    attitude_of,
)
from genjin_api.stakeholders.lines import lines_of, refuse_line
from genjin_api.stakeholders.state import (
    Stakeholder,
    holds,
)

STAKEHOLDERS_MAX = 200
SCORES_MAX = 200


def identify(
    project: Project, contact: Contact, command: IdentifyStakeholder, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if contact.status == "archived":
        return Refusal("contact_archived", "the contact is archived: restore it first")
    known = project.stakeholders.get(str(contact.id))
    if known is not None and known.status == "active":
        rule = "is a stakeholder of the project already"
        return field_refusal("field_invalid", "/contact_id", rule)
    if known is None and len(project.stakeholders) >= STAKEHOLDERS_MAX:
        return Refusal("limit_reached", f"a project has {STAKEHOLDERS_MAX} stakeholders at most")
    if refusal := refuse_line(lines_of(project.stakeholders), contact.id, command.reports_to):
        return refusal
    values = {name: value for name, value in attitude_of(command).items() if value is not None}
    who = contact.id, contact.subject_id
    role = acting_role(project, caller)

    def seal(keys: Mapping[str, bytes]) -> Decided:
        fact = identified(project.id, who, command.roles, command.reports_to, values, keys)
        return Decided([fact], role)

    return Unsealed(places_of_person(contact.subject_id, values).keys(), seal)


def identified(
    project_id: UUID,
    who: tuple[UUID, UUID],
    roles: tuple[str, ...],
    reports_to: UUID | None,
    values: Mapping[str, Any],
    keys: Mapping[str, bytes],
) -> StakeholderIdentified:
    """who: the contact, and its subject."""
    contact_id, subject_id = who
    subjects = places_of_person(subject_id, values)
    context = stakeholder_context(project_id, contact_id)
    return StakeholderIdentified(
        contact_id=contact_id,
        subject_id=subject_id,
        roles=roles,
        reports_to=reports_to,
        values=seal_places(values, subjects, keys, context),
        subjects=subjects,
        restricted=True,
    )


def change(
    project: Project, contact_id: UUID, command: ChangeStakeholder, caller: Caller
) -> Decision:
    stakeholder = _active(project, contact_id, caller)
    if isinstance(stakeholder, Refusal):
        return stakeholder
    said = command.model_fields_set
    reports_to = command.reports_to if "reports_to" in said else stakeholder.reports_to
    if refusal := refuse_line(lines_of(project.stakeholders), contact_id, reports_to):
        return refusal
    roles = command.roles if command.roles is not None else stakeholder.roles
    given = attitude_of(command)
    role = acting_role(project, caller)
    subjects = places_of_person(
        stakeholder.subject_id, {name: one for name, one in given.items() if one is not None}
    )

    def seal(keys: Mapping[str, bytes]) -> Decided:
        fact = changed(project.id, stakeholder, roles, reports_to, given, keys)
        return Decided([fact] if fact else [], role)

    return Unsealed(subjects.keys(), seal)


def changed(
    project_id: UUID,
    stakeholder: Stakeholder,
    roles: tuple[str, ...],
    reports_to: UUID | None,
    given: Mapping[str, Any],
    keys: Mapping[str, bytes],
) -> StakeholderChanged | None:
    """What becomes of these values (null: taken away); None where nothing is another. keys has the subject's where a
    value is to be sealed.
    """
    set_ = {name: value for name, value in given.items() if value is not None}
    places = places_of_person(stakeholder.subject_id, set_)
    sealed = seal_places(set_, places, keys, stakeholder_context(project_id, stakeholder.id))
    new = {name: text for name, text in sealed.items() if stakeholder.values.get(name) != text}
    gone = {name: None for name in given if name not in set_ and name in stakeholder.values}
    if not new and not gone and (roles, reports_to) == (stakeholder.roles, stakeholder.reports_to):
        return None
    return StakeholderChanged(
        contact_id=stakeholder.id,
        roles=roles,
        reports_to=reports_to,
        values={**new, **gone},
        subjects=places_of_person(stakeholder.subject_id, new),
        restricted=True,
    )


def score(
    project: Project, contact_id: UUID, command: ScoreRelationship, caller: Caller, moment: Moment
) -> Decision:
    stakeholder = _active(project, contact_id, caller)
    if isinstance(stakeholder, Refusal):
        return stakeholder
    if command.assessed_on > moment.today:
        return field_refusal("field_invalid", "/assessed_on", "must not be in the future")
    if len(stakeholder.scores) >= SCORES_MAX:
        return Refusal("limit_reached", f"a stakeholder has {SCORES_MAX} scores at most")
    role = acting_role(project, caller)

    def seal(keys: Mapping[str, bytes]) -> Decided:
        number = len(stakeholder.scores) + 1
        fact = scored(project.id, contact_id, stakeholder.subject_id, number, command, keys)
        return Decided([fact], role)

    return Unsealed([str(stakeholder.subject_id)], seal)


def scored(
    project_id: UUID,
    contact_id: UUID,
    subject_id: UUID,
    number: int,
    command: ScoreRelationship,
    keys: Mapping[str, bytes],
) -> RelationshipScored:
    said = command.model_dump(mode="json", exclude={"occurred_at", "assessed_on"})
    values = {name: value for name, value in said.items() if value not in (None, "")}
    subjects = places_of_person(subject_id, values)
    context = score_context(project_id, contact_id, number)
    return RelationshipScored(
        contact_id=contact_id,
        number=number,
        assessed_on=command.assessed_on,
        values=seal_places(values, subjects, keys, context),
        subjects=subjects,
        restricted=True,
    )


def remove(
    project: Project, contact_id: UUID, command: RemoveStakeholder, caller: Caller
) -> Decision:
    stakeholder = _active(project, contact_id, caller)
    if isinstance(stakeholder, Refusal):
        return stakeholder
    fact = StakeholderRemoved(contact_id=contact_id, reason=command.reason)
    return Decided([fact], acting_role(project, caller))


def cleared(project: Project, subject_id: UUID) -> list[StakeholderErased]:
    """For every stakeholder that still holds something of an erased subject."""
    return [
        StakeholderErased(contact_id=one.id, subject_id=subject_id)
        for one in project.stakeholders.values()
        if holds(one, subject_id)
    ]


def _active(project: Project, contact_id: UUID, caller: Caller) -> Stakeholder | Refusal:
    stakeholder = project.stakeholders.get(str(contact_id))
    if stakeholder is None or stakeholder.status == "removed":
        return not_found("stakeholder", contact_id)
    return refuse_if_closed(project) or refuse_outsider(project, caller) or stakeholder
