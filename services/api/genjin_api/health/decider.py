"""The command on health: somebody of the project says how it is."""

from genjin.health.events import HealthAssessed
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Key, Prose, example
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal


class AssessHealth(Command):
    """The levels are the template's."""

    model_config = example(level="warning", reason="客户两次推迟回访，预算被冻结")

    level: Key
    reason: Prose


def assess(project: Project, template: Template, command: AssessHealth, caller: Caller) -> Decision:
    """The same level again is said anew: that it still holds is news as well."""
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if not template.health:
        return Refusal("health_not_kept", f"the process {template.key} knows no levels of health")
    levels = [one.key for one in template.health]
    if command.level not in levels:
        return field_refusal("field_invalid", "/level", f"must be one of {', '.join(levels)}")
    fact = HealthAssessed(level=command.level, reason=command.reason)
    return Decided([fact], acting_role(project, caller))
