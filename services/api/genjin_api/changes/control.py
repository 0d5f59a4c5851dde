"""What is changed by an approved change request alone, once a project has come to a stage. Pure."""

from uuid import UUID

from genjin.templates.model import Template
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal


def refuse_uncontrolled(
    project: Project, template: Template, since: str | None, change_id: UUID | None
) -> Refusal | None:
    """since: the stage from which on it is under control, None: never. change_id: the change that was named."""
    if change_id is not None:
        return _refuse_change(project, change_id)
    if not is_under_control(project, template, since):
        return None
    detail = f"since stage {since} only an approved change request changes this: name it"
    return Refusal("change_required", detail)


def _refuse_change(project: Project, change_id: UUID) -> Refusal | None:
    change = project.change_requests.get(str(change_id))
    if change is None:
        rule = f"the project has no change request {change_id}"
        return field_refusal("field_invalid", "/change_id", rule)
    if change.status != "approved":
        return Refusal("change_not_approved", f"the change request is {change.status}")
    return None


def is_under_control(project: Project, template: Template, since: str | None) -> bool:
    """Whether the project has come to the stage, or passed it over. A stage that the template does not have any more
    tells nothing.
    """
    if since is None:
        return False
    visited = {visit.stage for visit in project.course.visits.values()}
    return any(stage.key in visited for stage in template.stages[template.stage_index(since) :])
