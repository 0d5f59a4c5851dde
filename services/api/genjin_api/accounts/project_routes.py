"""Which account a project is about, and which projects are about an account, over HTTP."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.accounts import projection
from genjin_api.accounts.writing import refuse_unfit_account
from genjin_api.action import RefusedError
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.decider import NameAccount, name_account
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.refusal import not_found
from genjin_api.stakeholders.projection import PROJECTS_OF_ACCOUNT

router = APIRouter(prefix="/v1", tags=["accounts"], route_class=JsonRoute)


class ProjectAccountDocument(BaseModel):
    """All null where none was ever named."""

    account_id: UUID | None
    named_at: datetime | None
    named_by: UUID | None


class AccountProjectDocument(BaseModel):
    id: UUID
    code: str
    name: str
    status: str
    stage: str


@router.get(
    "/projects/{project_id}/account",
    summary="The customer account that a project is about",
    **reads(ProjectAccountDocument, "not_found", "point_in_future"),
)
async def get_project_account(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return shown_then(_document(then.project), then)
    project = await load_project(services, caller, project_id)
    return shown(_document(project), project.version)


@router.put(
    "/projects/{project_id}/account",
    summary="Name the customer account that a project is about",
    **writes(
        answer_of("project_account", ProjectAccountDocument),
        "not_found",
        "role_not_allowed",
        "project_closed",
        "account_archived",
        "field_invalid",
    ),
)
async def put_project_account(
    services: CurrentServices, write: Write, project_id: UUID, command: NameAccount
) -> Response:
    await load_project(services, write.caller, project_id)
    if command.account_id is not None:
        await refuse_unfit_account(services, write.caller, command.account_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: name_account(project, command, write.caller),
        lambda project: {"project_account": _document(project)},
        occurred_at=command.occurred_at,
    )


@router.get(
    "/accounts/{account_id}/projects",
    summary="The projects that are about an account",
    **reads(page_of("AccountProject", AccountProjectDocument), "not_found", "cursor_invalid"),
)
async def list_account_projects(
    services: CurrentServices,
    caller: CurrentCaller,
    account_id: UUID,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    if await services.database.fetchrow(projection.ONE, workspace_id, account_id) is None:
        raise RefusedError(not_found("account", account_id))
    filters = {"list": f"projects of {account_id}"}
    after = after_id(key, workspace_id, filters, cursor)
    rows = await services.database.fetch(
        PROJECTS_OF_ACCOUNT, workspace_id, account_id, after, limit + 1
    )
    path = f"/v1/accounts/{account_id}/projects"
    return page_by_id(key, workspace_id, path, filters, rows, limit)


def _document(project: Project) -> ProjectAccountDocument:
    account = project.account
    if account is None:
        return ProjectAccountDocument(account_id=None, named_at=None, named_by=None)
    return ProjectAccountDocument(
        account_id=account.account_id, named_at=account.named_at, named_by=account.named_by
    )
