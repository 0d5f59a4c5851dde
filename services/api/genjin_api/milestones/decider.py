"""Commands on milestones: those of the template are set once each and reached, a project's own may be dropped."""

from uuid import UUID

from genjin.milestones.events import (
    MilestoneDropped,
    MilestoneReached,
    MilestoneRescheduled,
    MilestoneSet,
)
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Day, Key, Line, Prose, example
from genjin_api.milestones.state import Milestone, of_key
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

OWN_MAX = 100
"""Milestones of a project's own, dropped ones included. The template's are bounded by the template."""


class SetMilestone(Command):
    """With the key of one of the template's milestones, whose title it bears, or with a title of its own. stage is the
    one that waits for it.
    """

    model_config = example(
        title="样机测试通过",
        due_on="2026-12-20",
        stage="proposal",
    )

    key: Key | None = None
    title: Line | None = None
    due_on: Day
    stage: Key | None = None


class RescheduleMilestone(Command):
    model_config = example(
        due_on="2027-01-10",
        reason="业主现场停电，测试顺延",
    )

    due_on: Day
    reason: Prose


class ReachMilestone(Command):
    """evidence says how it can be shown."""

    model_config = example(
        reached_on="2026-11-20",
        evidence="测试报告第7号，双方签字",
    )

    reached_on: Day
    evidence: Prose


class DropMilestone(Command):
    model_config = example(
        reason="方案改为整机采购，不再需要样机",
    )

    reason: Prose


def set_milestone(
    project: Project, template: Template, command: SetMilestone, milestone_id: UUID, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if command.stage is not None and command.stage not in {one.key for one in template.stages}:
        return field_refusal(
            "field_invalid", "/stage", f"the template has no stage {command.stage}"
        )
    title = _title(project, template, command)
    if isinstance(title, Refusal):
        return title
    fact = MilestoneSet(
        milestone_id=milestone_id,
        key=command.key,
        title=title,
        due_on=command.due_on,
        stage=command.stage,
    )
    return Decided([fact], acting_role(project, caller))


def reschedule(
    project: Project, milestone_id: UUID, command: RescheduleMilestone, caller: Caller
) -> Decision:
    milestone = _open_milestone(project, milestone_id, caller)
    if isinstance(milestone, Refusal):
        return milestone
    fact = MilestoneRescheduled(
        milestone_id=milestone_id, due_on=command.due_on, reason=command.reason
    )
    moved = command.due_on != milestone.due_on
    return Decided([fact] if moved else [], acting_role(project, caller))


def reach(
    project: Project,
    milestone_id: UUID,
    command: ReachMilestone,
    caller: Caller,
    moment: Moment,
) -> Decision:
    milestone = _open_milestone(project, milestone_id, caller)
    if isinstance(milestone, Refusal):
        return milestone
    if command.reached_on > moment.today:
        return field_refusal("field_invalid", "/reached_on", "must not be in the future")
    fact = MilestoneReached(
        milestone_id=milestone_id,
        reached_on=command.reached_on,
        evidence=command.evidence,
        days_late=max(0, (command.reached_on - milestone.due_on).days),
    )
    return Decided([fact], acting_role(project, caller))


def drop(project: Project, milestone_id: UUID, command: DropMilestone, caller: Caller) -> Decision:
    milestone = _open_milestone(project, milestone_id, caller)
    if isinstance(milestone, Refusal):
        return milestone
    if milestone.key is not None:
        return Refusal(
            "milestone_of_template", "every project of the process has it: reschedule it instead"
        )
    fact = MilestoneDropped(milestone_id=milestone_id, reason=command.reason)
    return Decided([fact], acting_role(project, caller))


def _title(project: Project, template: Template, command: SetMilestone) -> str | Refusal:
    if command.key is None:
        if command.title is None:
            return field_refusal("field_invalid", "/title", "a milestone of your own needs a title")
        if sum(one.key is None for one in project.milestones.values()) >= OWN_MAX:
            return Refusal(
                "limit_reached", f"a project has {OWN_MAX} milestones of its own at most"
            )
        return command.title
    spec = next((one for one in template.milestones if one.key == command.key), None)
    if spec is None:
        return field_refusal(
            "field_invalid", "/key", f"the template has no milestone {command.key}"
        )
    if command.title is not None:
        return field_refusal("field_invalid", "/title", "a milestone of the template has its title")
    if of_key(project.milestones, command.key) is not None:
        return Refusal("milestone_already_set", f"{command.key} is set already: reschedule it")
    return spec.title.zh


def _open_milestone(project: Project, milestone_id: UUID, caller: Caller) -> Milestone | Refusal:
    milestone = project.milestones.get(str(milestone_id))
    if milestone is None:
        return not_found("milestone", milestone_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if milestone.status != "open":
        return Refusal("milestone_not_open", f"the milestone was {milestone.status} before")
    return milestone
