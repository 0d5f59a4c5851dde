"""Commands on metrics: record a value, set the project's own target."""

from genjin.metrics.events import MetricRecorded, MetricTargetSet
from genjin.templates.model import Template
from genjin.templates.registers import Metric as Spec
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Day, Number, OptionalProse, Prose, example
from genjin_api.projects.access import (
    refuse_if_closed,
    refuse_unless_named,
    refuse_unless_role,
    role_among,
    role_named,
)
from genjin_api.projects.state import Project
from genjin_api.refusal import field_refusal, not_found


class RecordValue(Command):
    """on is the day that the value is of: today or before."""

    model_config = example(
        value=86.5,
        on="2026-11-20",
        note="按三季度客户回访统计",
    )

    value: Number
    on: Day
    note: OptionalProse = ""


class SetTarget(Command):
    """The project's own target; null: the template's again."""

    model_config = example(
        target=90.0,
        reason="合同约定的验收标准更高",
    )

    target: Number | None
    reason: Prose


def record(
    project: Project,
    template: Template,
    metric: str,
    command: RecordValue,
    caller: Caller,
    moment: Moment,
) -> Decision:
    spec = spec_of(template, metric)
    if spec is None:
        return not_found("metric", metric)
    if refusal := refuse_if_closed(project) or refuse_unless_role(
        project, caller, spec.recorded_by
    ):
        return refusal
    if command.on > moment.today:
        return field_refusal("field_invalid", "/on", "must not be in the future")
    fact = MetricRecorded(metric=metric, value=command.value, on=command.on, note=command.note)
    return Decided([fact], role_among(project, caller, spec.recorded_by))


def set_target(
    project: Project, template: Template, metric: str, command: SetTarget, caller: Caller
) -> Decision:
    spec = spec_of(template, metric)
    if spec is None:
        return not_found("metric", metric)
    if refusal := refuse_if_closed(project) or refuse_unless_named(
        project, template, caller, spec.target_by
    ):
        return refusal
    role = role_named(project, caller, spec.target_by)
    known = project.metrics.get(metric)
    if command.target == (known.target if known else None):
        return Decided([], role)
    fact = MetricTargetSet(metric=metric, target=command.target, reason=command.reason)
    return Decided([fact], role)


def spec_of(template: Template, metric: str) -> Spec | None:
    return next((one for one in template.metrics if one.key == metric), None)
