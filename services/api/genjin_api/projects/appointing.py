"""Who gives a role of a project out, and takes it back."""

from uuid import UUID

from genjin.templates.authority import appointers
from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.projects.access import refuse_unless_named
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal


def refuse_appointment(
    project: Project, template: Template, role: str, person_id: UUID, caller: Caller
) -> Refusal | None:
    """What one may give others, nobody gives themselves because of a role that they hold."""
    refusal = refuse_release(project, template, role, caller)
    if refusal or caller.person_id != person_id or _of_itself(project, caller):
        return refusal
    if appointers(template, role) is None:
        return None
    return Refusal("role_not_allowed", f"nobody gives themselves the role {role}")


def refuse_release(
    project: Project, template: Template, role: str, caller: Caller
) -> Refusal | None:
    if _of_itself(project, caller):
        return None
    named = appointers(template, role)
    if named is None:
        return refuse_unless_named(project, template, caller)
    if set(named) & set(project.roles_of(caller.person_id)):
        return None
    holders = f", holders of {' or '.join(named)}" if named else ""
    detail = (
        f"the role {role} is given and taken back by owners and admins of the workspace{holders}"
        ", and by who created the project until its first gate is passed"
    )
    return Refusal("role_not_allowed", detail)


def _of_itself(project: Project, caller: Caller) -> bool:
    """Whether it is the caller's without any role: the workspace's owners and admins, and who sets the project up."""
    if caller.administers:
        return True
    return caller.person_id == project.created_by and not project.course.passed_a_gate
