"""Commands on requirements. Before the customer confirms one its words may be amended; after that only a change
request puts new words in its place.
"""

from uuid import UUID

from genjin.requirements.events import (
    Priority,
    RequirementAmended,
    RequirementCaptured,
    RequirementConfirmed,
    RequirementPrioritised,
)
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Day, Line, Prose, example
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found


class CaptureRequirement(Command):
    model_config = example(
        title="出水在线监测",
        text="出水口须有COD、氨氮、总磷在线监测并上传至市平台。",
        requested_by="设备科 王工",
    )

    title: Line
    text: Prose
    requested_by: Line


class EditRequirement(Command):
    """Priority any time; words until the customer has confirmed them."""

    model_config = example(
        priority="key",
    )

    title: Line | None = None
    text: Prose | None = None
    priority: Priority | None = None


class ConfirmRequirement(Command):
    """confirmed_by names the customer's person; evidence says how it can be shown (minutes, mail, signature)."""

    model_config = example(
        confirmed_by="设备科 王工",
        confirmed_on="2026-11-20",
        evidence="需求确认会议纪要第3条",
    )

    confirmed_by: Line
    confirmed_on: Day
    evidence: Prose


def capture(
    project: Project, command: CaptureRequirement, requirement_id: UUID, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    fact = RequirementCaptured(
        requirement_id=requirement_id,
        title=command.title,
        text=command.text,
        requested_by=command.requested_by,
    )
    return Decided([fact], acting_role(project, caller))


def edit(
    project: Project, requirement_id: UUID, command: EditRequirement, caller: Caller
) -> Decision:
    requirement = project.requirements.get(str(requirement_id))
    if requirement is None:
        return not_found("requirement", requirement_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    facts: list[RequirementAmended | RequirementPrioritised] = []
    title, text = command.title or requirement.title, command.text or requirement.text
    if (title, text) != (requirement.title, requirement.text):
        if requirement.status == "confirmed":
            return Refusal(
                "requirement_confirmed", "confirmed words change through a change request alone"
            )
        facts.append(RequirementAmended(requirement_id=requirement_id, title=title, text=text))
    if command.priority is not None and command.priority != requirement.priority:
        facts.append(
            RequirementPrioritised(requirement_id=requirement_id, priority=command.priority)
        )
    return Decided(facts, acting_role(project, caller))


def confirm(
    project: Project,
    requirement_id: UUID,
    command: ConfirmRequirement,
    caller: Caller,
    moment: Moment,
) -> Decision:
    requirement = project.requirements.get(str(requirement_id))
    if requirement is None:
        return not_found("requirement", requirement_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if requirement.status == "confirmed":
        return Refusal("requirement_confirmed", "the requirement was confirmed before")
    if command.confirmed_on > moment.today:
        return field_refusal("field_invalid", "/confirmed_on", "must not be in the future")
    fact = RequirementConfirmed(
        requirement_id=requirement_id,
        confirmed_by=command.confirmed_by,
        confirmed_on=command.confirmed_on,
        evidence=command.evidence,
    )
    return Decided([fact], acting_role(project, caller))
