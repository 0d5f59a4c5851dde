"""What whoever runs an installation does without HTTP: make a workspace, its people and their first keys."""

from dataclasses import dataclass
from uuid import UUID

from genjin.identifiers import new_id
from genjin_api.acting import Caller, WorkspaceRole
from genjin_api.action import Action, RefusedError, Request
from genjin_api.http.context import Services
from genjin_api.people import decider as people
from genjin_api.people import keys
from genjin_api.people.projection import API_KEY, PERSON
from genjin_api.people.routes import key_secret_rows
from genjin_api.refusal import Refusal
from genjin_api.workspaces import decider as workspaces
from genjin_api.workspaces.projection import WORKSPACE


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person with the key that is told this once."""

    caller: Caller
    key: str


async def create_workspace(
    services: Services, name: str, owner_name: str, time_zone: str
) -> NewPerson:
    """A workspace and its first owner, who is the actor of their own making."""
    command = workspaces.CreateWorkspace(name=name, time_zone=time_zone)
    decision = workspaces.create(command)
    if isinstance(decision, Refusal):
        raise RefusedError(decision)
    workspace_id, owner_id = new_id(), new_id()
    owner = Caller(workspace_id, owner_id, owner_name, "owner", time_zone)
    await services.writer.handle(
        Request.without_http(owner),
        Action(
            kind=WORKSPACE,
            identifier=workspace_id,
            decide=lambda _state, _moment: decision,
            show=lambda _state: {},
        ),
    )
    return await _add(services, owner, owner_id, owner_name, "owner")


async def add_person(
    services: Services, owner: Caller, name: str, workspace_role: WorkspaceRole
) -> NewPerson:
    return await _add(services, owner, new_id(), name, workspace_role)


async def _add(
    services: Services, actor: Caller, person_id: UUID, name: str, workspace_role: WorkspaceRole
) -> NewPerson:
    command = people.AddPerson(name=name, workspace_role=workspace_role)
    await services.writer.handle(
        Request.without_http(actor),
        Action(
            kind=PERSON,
            identifier=person_id,
            decide=lambda _state, _moment: people.add(command, None),
            show=lambda _state: {},
        ),
    )
    secret = await add_key(services, actor, person_id, workspace_role)
    caller = Caller(actor.workspace_id, person_id, name, workspace_role, actor.time_zone)
    return NewPerson(caller, secret)


async def add_key(
    services: Services, actor: Caller, person_id: UUID, workspace_role: WorkspaceRole
) -> str:
    """A key for a person of that role, which is told this once."""
    secret, key_id = keys.new_key(), new_id()
    key = people.CreateApiKey(person_id=person_id, name="first key")
    await services.writer.handle(
        Request.without_http(actor),
        Action(
            kind=API_KEY,
            identifier=key_id,
            decide=lambda _state, moment: people.create_key(
                key, secret[: keys.SHOWN_CHARACTERS], workspace_role, actor, moment
            ),
            show=lambda _state: {},
            private_rows=key_secret_rows(key_id, secret),
        ),
    )
    return secret
