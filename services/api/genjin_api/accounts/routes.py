"""Customer accounts over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.accounts import decider, projection
from genjin_api.accounts.state import Account
from genjin_api.accounts.writing import refuse_parent, write_account
from genjin_api.action import RefusedError
from genjin_api.entities import create_entity, one_at
from genjin_api.http.answers import bodies, shown_text, written
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.reading import AsOf
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/accounts", tags=["accounts"], route_class=JsonRoute)

AccountAnswer = answer_of("account", Account)


@router.get("", summary="Customer accounts", **reads(page_of("Account", Account), "cursor_invalid"))
async def list_accounts(
    services: CurrentServices,
    caller: CurrentCaller,
    status: Literal["active", "archived"] | None = None,
    region: str | None = Query(None, max_length=200),
    industry: str | None = Query(None, max_length=200),
    parent_id: UUID | None = None,
    search: str | None = Query(None, max_length=100, description="in the name"),
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    filters = {
        "list": "accounts",
        "status": status,
        "region": region,
        "industry": industry,
        "parent_id": str(parent_id) if parent_id else None,
        "search": search,
    }
    after = after_id(key, workspace_id, filters, cursor)
    asked = (after, status, region, industry, parent_id, search, limit + 1)
    rows = await services.database.fetch(projection.LIST, workspace_id, *asked)
    return page_by_id(key, workspace_id, "/v1/accounts", filters, bodies(rows), limit)


@router.get(
    "/{account_id}", summary="One account", **reads(Account, "not_found", "point_in_future")
)
async def get_account(
    services: CurrentServices, caller: CurrentCaller, account_id: UUID, as_of: AsOf = None
) -> Response:
    if as_of is not None:
        past = await one_at(services, caller, projection.ACCOUNT, account_id, as_of)
        return past.shown(past.state, past.state.version)
    row = await services.database.fetchrow(projection.ONE, caller.workspace_id, account_id)
    if row is None:
        raise RefusedError(not_found("account", account_id))
    return shown_text(row["body"], row["version"])


@router.post(
    "",
    summary="Create an account",
    **writes(AccountAnswer, "field_invalid", "account_archived", status=201),
)
async def create_account(
    services: CurrentServices, write: Write, command: decider.CreateAccount
) -> Response:
    account_id = new_id()
    await refuse_parent(services, write.caller, account_id, command.parent_id)
    answer = await create_entity(
        services,
        write,
        projection.ACCOUNT,
        account_id,
        lambda: decider.create(command),
        path="/v1/accounts",
        occurred_at=command.occurred_at,
    )
    return written(answer)


@router.patch(
    "/{account_id}",
    summary="Change an account (a merge patch)",
    **writes(AccountAnswer, "not_found", "role_not_allowed", "field_invalid", "account_archived"),
)
async def change_account(
    services: CurrentServices, write: Write, account_id: UUID, command: decider.ChangeAccount
) -> Response:
    return await write_account(
        services,
        write,
        account_id,
        lambda account: decider.change(account, command),
        command.occurred_at,
        parent_id=command.parent_id,
        details_only="parent_id" not in command.model_fields_set,
    )


@router.post(
    "/{account_id}/archivings",
    summary="Archive an account: nothing new is done with it",
    **writes(AccountAnswer, "not_found", "role_not_allowed"),
)
async def archive_account(
    services: CurrentServices, write: Write, account_id: UUID, command: decider.ArchiveAccount
) -> Response:
    return await write_account(
        services,
        write,
        account_id,
        lambda account: decider.archive(account, command),
        command.occurred_at,
    )


@router.post(
    "/{account_id}/restorations",
    summary="Take an account up again",
    **writes(AccountAnswer, "not_found", "role_not_allowed"),
)
async def restore_account(
    services: CurrentServices, write: Write, account_id: UUID, command: decider.RestoreAccount
) -> Response:
    return await write_account(
        services,
        write,
        account_id,
        lambda account: decider.restore(account, command),
        command.occurred_at,
    )
