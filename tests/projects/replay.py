"""A told story written to a real log: the same commands, in the same order, through the real writer."""

from contextlib import suppress
from typing import Any
from uuid import UUID

from genjin.identifiers import new_id
from genjin.templates.catalog import body_hash
from genjin_api.acting import Caller
from genjin_api.action import Action, RefusedError, Request
from genjin_api.http.context import Services
from genjin_api.projects import decider
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.specification import HOLDERS, MARKETER, PROJECT_ID, TEMPLATE, Story
from tests.stages.telling import Decide


async def replay(services: Services, story: Story) -> None:
    create = decider.CreateProject(code="XM-1", header={"name": "某项目"})
    await write(
        services,
        MARKETER,
        PROJECT_ID,
        lambda _project: decider.create(create, TEMPLATE, body_hash(TEMPLATE)),
    )
    for role, holder in HOLDERS.items():
        await write(services, MARKETER, PROJECT_ID, _assigning(role, holder))
    for caller, decide in story.decided:
        with suppress(RefusedError):
            await write(services, caller, PROJECT_ID, decide)


def _assigning(role: str, holder: Caller) -> Decide:
    command = decider.AssignRole(role=role, person_id=holder.person_id)
    return lambda project: decider.assign_role(project, TEMPLATE, command, holder.name, MARKETER)


async def write(services: Services, caller: Caller, project_id: UUID, decide: Any) -> None:
    """What follows from a decision on a project; RefusedError when it is a refusal that is not recorded."""
    request_id = str(new_id())
    action: Action[Project] = Action(
        kind=PROJECT,
        identifier=project_id,
        decide=lambda project, _moment: decide(project),
        show=lambda _project: {},
    )
    await services.writer.handle(Request(caller, request_id, request_id, "zh"), action)
