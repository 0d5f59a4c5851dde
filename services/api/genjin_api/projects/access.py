"""Rules that more than one noun of a project asks: who may act in it, and whether it takes changes at all."""

from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal


def acting_role(project: Project, caller: Caller) -> str | None:
    """The project role that the caller's event is marked with: the first that they hold."""
    roles = project.roles_of(caller.person_id)
    return roles[0] if roles else None


def refuse_unless_open(project: Project) -> Refusal | None:
    """The stage record and the moves need an open project."""
    if project.status == "suspended":
        return Refusal("project_suspended", "the project is suspended: resume it first")
    return refuse_if_closed(project)


def refuse_if_closed(project: Project) -> Refusal | None:
    """Requirements, changes, risks and forms go on while a project is suspended, not after it was closed."""
    if project.status == "closed":
        return Refusal("project_closed", "the project is closed: reopen it first")
    return None


def refuse_outsider(project: Project, caller: Caller) -> Refusal | None:
    """Only those who hold a role in the project work on it."""
    if not project.roles_of(caller.person_id):
        return Refusal("role_not_allowed", "only holders of a role in this project may do this")
    return None


def refuse_unless_named(
    project: Project, template: Template, caller: Caller, named: tuple[str, ...] = ()
) -> Refusal | None:
    """Holders of the roles that the template names for it; where it names none, of any that is not outside."""
    if named:
        return refuse_unless_role(project, caller, named)
    if set(project.roles_of(caller.person_id)) - template.outside_roles:
        return None
    detail = "outside parties do only what the template names them for"
    return refuse_outsider(project, caller) or Refusal("role_not_allowed", detail)


def refuse_stranger(project: Project, caller: Caller) -> Refusal | None:
    """Who set the project up, and the workspace's owners and admins, look after it as its role holders do."""
    if caller.administers or caller.person_id == project.created_by:
        return None
    return refuse_outsider(project, caller)


def refuse_unless_role(
    project: Project, caller: Caller, allowed: tuple[str, ...]
) -> Refusal | None:
    if not set(allowed) & set(project.roles_of(caller.person_id)):
        return Refusal(
            "role_not_allowed", f"only holders of the role {' or '.join(allowed)} may do this"
        )
    return None


def refuse_unless_holder(project: Project, caller: Caller, role: str) -> Refusal | None:
    if role not in project.roles_of(caller.person_id):
        return Refusal("not_role_holder", f"you do not hold the role {role} in this project")
    return None


def role_named(project: Project, caller: Caller, named: tuple[str, ...]) -> str | None:
    """The role that refuse_unless_named let the caller act in."""
    return role_among(project, caller, named) if named else acting_role(project, caller)


def role_among(project: Project, caller: Caller, allowed: tuple[str, ...]) -> str | None:
    """The first of the allowed roles that the caller holds."""
    return next((role for role in project.roles_of(caller.person_id) if role in allowed), None)
