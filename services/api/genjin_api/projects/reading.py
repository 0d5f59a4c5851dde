"""What every read of a project has in common: 404 where there is none, its version in the ETag."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi.responses import Response

from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.http.answers import bodies, listed, shown
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.refusal import not_found

_VERSION = "SELECT version FROM genjin.project WHERE workspace_id = $1 AND id = $2"


async def project_version(services: Services, caller: Caller, project_id: UUID) -> int:
    version: int | None = await services.database.fetchval(
        _VERSION, caller.workspace_id, project_id
    )
    if version is None:
        raise RefusedError(not_found("project", project_id))
    return version


async def load_project(services: Services, caller: Caller, project_id: UUID) -> Project:
    project = await services.states.load(PROJECT, caller.workspace_id, project_id)
    if project is None:
        raise RefusedError(not_found("project", project_id))
    return project


async def rows_of_project(
    services: Services, caller: Caller, project_id: UUID, query: str, *arguments: Any
) -> Sequence[asyncpg.Record]:
    """The rows of a project's read model. A project has a bounded number of each, so they come whole."""
    await project_version(services, caller, project_id)
    rows: list[asyncpg.Record] = await services.database.fetch(
        query, caller.workspace_id, project_id, *arguments
    )
    return rows


async def list_of_project(
    services: Services, caller: Caller, project_id: UUID, query: str, *arguments: Any
) -> Response:
    return listed(bodies(await rows_of_project(services, caller, project_id, query, *arguments)))


async def one_of_project(
    services: Services, caller: Caller, project_id: UUID, query: str, what: str, identifier: UUID
) -> Response:
    row = await services.database.fetchrow(query, caller.workspace_id, project_id, identifier)
    if row is None:
        raise RefusedError(not_found(what, identifier))
    return shown(orjson.loads(row["body"]))
