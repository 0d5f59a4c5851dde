"""Who sees the restricted values of a project, and what the others see."""

from uuid import UUID

from genjin_api.acting import Caller
from genjin_api.forms.withholding import FULL, Sight
from genjin_api.http.context import Services
from genjin_api.projects.projection import HELD_ROLES
from genjin_api.projects.reading import load_project
from genjin_api.projects.writing import template_of


async def sight_of(services: Services, caller: Caller, project_id: UUID) -> Sight:
    """Of the members those see everything who hold a role in the project that is not of an outside party; of the
    others everybody: it is recorded.
    """
    if await sees_restricted(services, caller, project_id):
        return FULL
    project = await load_project(services, caller, project_id)
    return Sight(await template_of(services, caller, project))


async def sees_restricted(services: Services, caller: Caller, project_id: UUID) -> bool:
    if caller.workspace_role != "member":
        return True
    place = caller.workspace_id, project_id, str(caller.person_id)
    row = await services.database.fetchrow(HELD_ROLES, *place)
    if row is None:
        return False
    template = await services.library.version(caller.workspace_id, row["template"], row["version"])
    return not template.outside_roles.issuperset(row["roles"])
