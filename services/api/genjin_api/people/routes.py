"""Identity over HTTP: who I am, the workspace, its people, their API keys."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.identifiers import new_id
from genjin_api.action import Action, RefusedError
from genjin_api.fields import Prose
from genjin_api.http.answers import shown, written
from genjin_api.http.context import AdminWrite, CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import EventDocument, answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.people import decider, keys, projection
from genjin_api.people.state import ApiKey, Person
from genjin_api.refusal import not_found
from genjin_api.workspaces.projection import ONE as WORKSPACE

router = APIRouter(prefix="/v1", tags=["identity"], route_class=JsonRoute)


class PersonDocument(BaseModel):
    id: UUID
    name: str
    workspace_role: str
    active: bool
    created_at: datetime


class MeDocument(BaseModel):
    id: UUID
    name: str
    workspace_role: str
    workspace_id: UUID


class WorkspaceDocument(BaseModel):
    id: UUID
    name: str
    time_zone: str
    created_at: datetime


class ApiKeyDocument(BaseModel):
    id: UUID
    person_id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


class NewApiKeyAnswer(BaseModel):
    """secret is shown this once."""

    api_key: ApiKeyDocument
    secret: str
    events: list[EventDocument]


@router.get("/me", summary="Who I am", **reads(MeDocument))
async def get_me(caller: CurrentCaller) -> Response:
    return shown(
        {
            "id": caller.person_id,
            "name": caller.name,
            "workspace_role": caller.workspace_role,
            "workspace_id": caller.workspace_id,
        }
    )


@router.get("/workspace", summary="My workspace", **reads(WorkspaceDocument))
async def get_workspace(services: CurrentServices, caller: CurrentCaller) -> Response:
    [row] = await services.database.fetch(WORKSPACE, caller.workspace_id)
    return shown(dict(row))


@router.get(
    "/people",
    summary="The people of the workspace",
    **reads(page_of("Person", PersonDocument), "cursor_invalid"),
)
async def list_people(
    services: CurrentServices,
    caller: CurrentCaller,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    key, filters = services.settings.secret_key_bytes, {"list": "people"}
    after = after_id(key, caller.workspace_id, filters, cursor)
    rows = await services.database.fetch(projection.PEOPLE, caller.workspace_id, after, limit + 1)
    return page_by_id(key, caller.workspace_id, "/v1/people", filters, rows, limit)


@router.get("/people/{person_id}", summary="One person", **reads(PersonDocument, "not_found"))
async def get_person(services: CurrentServices, caller: CurrentCaller, person_id: UUID) -> Response:
    row = await services.database.fetchrow(projection.ONE_PERSON, caller.workspace_id, person_id)
    if row is None:
        raise RefusedError(not_found("person", person_id))
    return shown(dict(row))


@router.post(
    "/people",
    summary="Add a person (owners and admins)",
    **writes(answer_of("person", PersonDocument), "role_not_allowed", status=201),
)
async def add_person(
    services: CurrentServices, write: AdminWrite, command: decider.AddPerson
) -> Response:
    person_id = new_id()
    action = Action(
        kind=projection.PERSON,
        identifier=person_id,
        decide=lambda _state, _moment: decider.add(command, write.caller),
        show=_shown_person,
        status=201,
        location=f"/v1/people/{person_id}",
        occurred_at=command.occurred_at,
    )
    return written(await services.writer.handle(write, action))


@router.get(
    "/api-keys",
    summary="My API keys; all of the workspace for owners and admins",
    **reads(page_of("ApiKey", ApiKeyDocument), "cursor_invalid"),
)
async def list_keys(
    services: CurrentServices,
    caller: CurrentCaller,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    key, filters = services.settings.secret_key_bytes, {"list": "api-keys"}
    after = after_id(key, caller.workspace_id, filters, cursor)
    owner = None if caller.administers else caller.person_id
    rows = await services.database.fetch(
        projection.API_KEYS, caller.workspace_id, after, owner, limit + 1
    )
    return page_by_id(key, caller.workspace_id, "/v1/api-keys", filters, rows, limit)


@router.post(
    "/api-keys",
    summary="Make an API key; its secret is shown this once",
    **writes(NewApiKeyAnswer, "role_not_allowed", "unknown_person", "field_invalid", status=201),
)
async def create_key(
    services: CurrentServices, write: Write, command: decider.CreateApiKey
) -> Response:
    key_id, secret = new_id(), keys.new_key()
    role = await services.database.fetchval(
        projection.ACTIVE_ROLE, write.caller.workspace_id, command.person_id
    )
    prefix = secret[: keys.SHOWN_CHARACTERS]
    action = Action(
        kind=projection.API_KEY,
        identifier=key_id,
        decide=lambda _state, moment: decider.create_key(
            command, prefix, role, write.caller, moment
        ),
        show=lambda key: {**_shown_key(key), "secret": secret},
        status=201,
        location="/v1/api-keys",
        occurred_at=command.occurred_at,
        private_rows=key_secret_rows(key_id, secret),
        confidential=True,
    )
    return written(await services.writer.handle(write, action))


@router.delete(
    "/api-keys/{key_id}",
    summary="Revoke an API key",
    **writes(answer_of("api_key", ApiKeyDocument), "not_found", "key_already_revoked"),
)
async def revoke_key(
    services: CurrentServices, write: Write, key_id: UUID, reason: Annotated[Prose, Query()]
) -> Response:
    action = Action(
        kind=projection.API_KEY,
        identifier=key_id,
        decide=lambda key, _moment: decider.revoke_key(key, key_id, reason, write.caller),
        show=_shown_key,
    )
    answer = await services.writer.handle(write, action)
    services.credentials.forget()
    return written(answer)


def key_secret_rows(key_id: UUID, secret: str) -> dict[str, list[dict[str, Any]]]:
    """Of the secret only its hash is kept."""
    return {"api_key_secret": [{"key_id": key_id, "hash": keys.key_hash(secret)}]}


def _shown_person(person: Person) -> dict[str, Any]:
    row = projection.person_rows(None, person)["person"][0]
    return {"person": {name: value for name, value in row.items() if name != "version"}}


def _shown_key(key: ApiKey) -> dict[str, Any]:
    row = projection.key_rows(None, key)["api_key"][0]
    return {"api_key": {name: value for name, value in row.items() if name != "version"}}
