"""What a gate finds of the conditions on registers: milestones, metrics, audit findings."""

from typing import Any, assert_never

from genjin.templates.conditions import FindingCondition, MetricCondition, MilestoneCondition
from genjin.templates.expressions import holds
from genjin.templates.model import Template
from genjin_api.metrics.decider import spec_of
from genjin_api.milestones.state import of_key
from genjin_api.projects.basis import DUE_ON, ENTRY, STATUS, events_at
from genjin_api.projects.state import Project
from genjin_api.stages.gate.check import Check, oldest_first
from genjin_api.stages.gate.values import Values, milestone_value


def of_register(
    project: Project,
    template: Template,
    condition: MilestoneCondition | MetricCondition | FindingCondition,
    values: Values,
) -> Check:
    match condition:
        case MilestoneCondition():
            return _milestone(project, condition)
        case MetricCondition():
            return _metric(project, template, condition, values)
        case FindingCondition():
            return _finding(project, condition)
        case _:
            assert_never(condition)


def _milestone(project: Project, condition: MilestoneCondition) -> Check:
    if condition.milestone is None:
        return _milestones_of_stage(project, condition)
    milestone = of_key(project.milestones, condition.milestone)
    reached = milestone is not None and milestone.status == "reached"
    known = [str(milestone.id)] if milestone else []
    events = tuple(events_at(project.basis, "milestones", known))
    return Check("milestone_open", condition.key, reached, milestone_value(milestone), events)


def _milestones_of_stage(project: Project, condition: MilestoneCondition) -> Check:
    """Without any milestone nothing was planned; a dropped one is none. It counts them all."""
    stage = project.course.current.stage
    planned = [one for one in project.milestones.values() if one.status != "dropped"]
    of_stage = [one for one in planned if one.stage == stage]
    unreached = [one for one in of_stage if one.status == "open"]
    waiting = {str(one.id): one.due_on.isoformat() for one in unreached}
    value = {"set": len(planned), "open": waiting}
    days = events_at(project.basis, "milestones", waiting, (DUE_ON,))
    events = oldest_first(events_at(project.basis, "milestones", None, (ENTRY, STATUS)), days)
    return Check("milestone_open", condition.key, bool(planned) and not unreached, value, events)


def _finding(project: Project, condition: FindingCondition) -> Check:
    """One that was reported corrected stands in the way until it is closed. It reads the severity of every one."""
    asked = {
        key: one
        for key, one in project.findings.items()
        if not condition.severities or one.severity in condition.severities
    }
    unclosed = {key: one.status for key, one in asked.items() if one.status != "closed"}
    events = oldest_first(
        events_at(project.basis, "findings", None, (ENTRY,)),
        events_at(project.basis, "findings", asked, (STATUS,)),
    )
    return Check("finding_open", condition.key, not unclosed, unclosed, events)


def _metric(
    project: Project, template: Template, condition: MetricCondition, values: Values
) -> Check:
    """A value of an earlier visit does not count where one of each visit is asked for."""
    spec = spec_of(template, condition.metric)
    assert spec is not None, "the template was checked"
    metric = project.metrics.get(condition.metric)
    target = metric.target_by(spec) if metric else spec.target
    newest = metric.newest if metric else None
    if metric is None or newest is None:
        value: dict[str, Any] = {"value": None, "target": target, "recorded_on": None}
        of_target = metric.rests_on() if metric else ()
        return Check("metric_out_of_band", condition.key, False, value, of_target)
    recorded_before = newest.recorded_in < project.course.current.ordinal
    told = {**values.all, "value": newest.value, "target": target}
    passed, reason = holds(condition.expr, told, of_a_metric=True)
    value = {"value": newest.value, "target": target, "recorded_on": newest.on.isoformat()}
    if reason:
        value["reason"] = reason
    if condition.each_visit and recorded_before:
        passed = False
        value["of_this_visit"] = False
    events = oldest_first(metric.rests_on(), values.events_of(condition.expr))
    return Check("metric_out_of_band", condition.key, passed, value, events)
