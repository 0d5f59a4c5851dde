"""What writes on accounts have in common: the stream, who may, and the account that another one is to be a part of.

Every member makes accounts. Who made one, and owners and admins, look after it; those who hold a role in a project
about it change its details as well. What it is a part of, and whether it is archived, is for the former alone.
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from fastapi.responses import Response

from genjin_api.accounts.decider import DEPTH_MAX, refuse_unless_active
from genjin_api.accounts.projection import ACCOUNT, PLACE_BELOW, WORKS_WITH
from genjin_api.accounts.state import Account
from genjin_api.acting import Caller, Decision
from genjin_api.action import RefusedError, Request
from genjin_api.entities import write_entity
from genjin_api.http.answers import written
from genjin_api.http.context import Services
from genjin_api.refusal import Refusal, field_refusal


async def write_account(
    services: Services,
    write: Request,
    account_id: UUID,
    decide: Callable[[Account], Decision],
    occurred_at: datetime | None,
    *,
    parent_id: UUID | None = None,
    details_only: bool = False,
) -> Response:
    """parent_id: what it is to be a part of. details_only: who works with it may do this, too."""
    place = write.caller.workspace_id, account_id, write.caller.person_id
    works_with = details_only and await services.database.fetchval(WORKS_WITH, *place)

    async def prepare(account: Account | None) -> None:
        if account is not None:
            await refuse_parent(services, write.caller, account_id, parent_id)

    def decide_on(account: Account) -> Decision:
        caller = write.caller
        if not (works_with or caller.administers or account.created_by == caller.person_id):
            return _not_allowed(details_only)
        return decide(account)

    answer = await write_entity(
        services,
        write,
        ACCOUNT,
        account_id,
        decide_on,
        lambda account: account.created_at,
        occurred_at=occurred_at,
        prepare=prepare,
    )
    return written(answer)


def _not_allowed(details_only: bool) -> Refusal:
    also = ", who holds a role in a project about it" if details_only else ""
    return Refusal(
        "role_not_allowed", f"only who made the account{also}, and owners and admins may"
    )


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
    place = workspace_id, parent_id, account_id, DEPTH_MAX
    row = await services.database.fetchrow(PLACE_BELOW, *place)
    assert row is not None, "an aggregate has a row"
    if row["is_above"]:
        rule = "an account is no part of itself"
        raise RefusedError(field_refusal("field_invalid", "/parent_id", rule))
    if row["above"] + row["below"] > DEPTH_MAX:
        rule = f"at most {DEPTH_MAX} accounts stand above one, and it brings those below it"
        raise RefusedError(field_refusal("field_invalid", "/parent_id", rule))
