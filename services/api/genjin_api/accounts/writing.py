"""What writes on accounts have in common: the stream, and the account that another one is to be a part of."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi.responses import Response

from genjin_api.accounts.decider import DEPTH_MAX, refuse_unless_active
from genjin_api.accounts.projection import ACCOUNT, STANDS_ABOVE
from genjin_api.accounts.state import Account
from genjin_api.acting import Caller, Decision
from genjin_api.action import RefusedError, Request
from genjin_api.entities import write_entity
from genjin_api.http.answers import written
from genjin_api.http.context import Services
from genjin_api.refusal import field_refusal


async def write_account(
    services: Services,
    write: Request,
    account_id: UUID,
    decide: Callable[[Account], Decision],
    occurred_at: datetime | None,
    *,
    status: int = 200,
) -> Response:
    answer = await write_entity(
        services,
        write,
        ACCOUNT,
        account_id,
        decide,
        lambda account: account.created_at,
        status=status,
        occurred_at=occurred_at,
    )
    return written(answer)


async def refuse_unfit_account(services: Services, caller: Caller, account_id: UUID) -> None:
    """RefusedError where there is no such account, or it is archived."""
    account = await services.states.load(ACCOUNT, caller.workspace_id, account_id)
    if refusal := refuse_unless_active(account, account_id):
        raise RefusedError(refusal)


async def refuse_parent(
    services: Services, caller: Caller, account_id: UUID, parent_id: UUID | None
) -> None:
    """RefusedError where the account would be a part of itself, or stand too deep."""
    if parent_id is None:
        return
    workspace_id = caller.workspace_id
    parent = await services.states.load(ACCOUNT, workspace_id, parent_id)
    if parent is None or parent.status == "archived":
        rule = f"no active account {parent_id}"
        raise RefusedError(field_refusal("field_invalid", "/parent_id", rule))
    row = await services.database.fetchrow(
        STANDS_ABOVE, workspace_id, parent_id, account_id, DEPTH_MAX
    )
    assert row is not None, "an aggregate has a row"
    if row["is_above"]:
        rule = "an account is no part of itself"
        raise RefusedError(field_refusal("field_invalid", "/parent_id", rule))
    if row["steps"] >= DEPTH_MAX - 1:
        rule = f"at most {DEPTH_MAX} accounts stand above one"
        raise RefusedError(field_refusal("field_invalid", "/parent_id", rule))
