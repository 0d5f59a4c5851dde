"""Webhook subscriptions over HTTP (owners and admins of the workspace)."""

from uuid import UUID

import asyncpg
from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.log.reading import Head, read_head
from genjin_api.acting import Caller
from genjin_api.action import Action, RefusedError
from genjin_api.http.answers import shown, written
from genjin_api.http.context import AdminWrite, CurrentCaller, CurrentServices, Services
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found
from genjin_api.subscriptions import creation, decider, projection
from genjin_api.subscriptions.creation import create
from genjin_api.subscriptions.creation import shown as shown_subscription
from genjin_api.subscriptions.documents import (
    AttemptDocument,
    NewSubscriptionAnswer,
    OneStandingDocument,
    RotatedSecretAnswer,
    StandingDocument,
    SubscriptionDocument,
)
from genjin_api.subscriptions.state import Subscription

router = APIRouter(prefix="/v1/webhook-subscriptions", tags=["webhooks"], route_class=JsonRoute)


@router.get(
    "",
    summary="Webhook subscriptions",
    **reads(
        page_of("Subscription", StandingDocument),
        "workspace_role_not_allowed",
        "cursor_invalid",
    ),
)
async def list_subscriptions(
    services: CurrentServices,
    caller: CurrentCaller,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    _refuse_member(caller)
    key, filters = services.settings.secret_key_bytes, {"list": "webhook-subscriptions"}
    after = after_id(key, caller.workspace_id, filters, cursor)
    rows = await services.database.fetch(projection.LIST, caller.workspace_id, after, limit + 1)
    documents = [projection.standing_document(row) for row in rows]
    path = "/v1/webhook-subscriptions"
    return page_by_id(key, caller.workspace_id, path, filters, documents, limit)


@router.get(
    "/{subscription_id}",
    summary="One webhook subscription",
    **reads(OneStandingDocument, "workspace_role_not_allowed", "not_found"),
)
async def get_subscription(
    services: CurrentServices, caller: CurrentCaller, subscription_id: UUID
) -> Response:
    row = await _row(services, caller, subscription_id)
    document = projection.standing_document(row)
    if document["halt"] is not None:
        place = caller.workspace_id, subscription_id, document["halt"]["position"]
        known = await services.database.fetchrow(
            projection.RECOVERY, *place, projection.RECOVERY_LOOKS_MAX
        )
        document["halt"] |= dict(known or {})
    return shown(document, row["version"])


@router.post(
    "",
    summary="Subscribe to events; the signing secret is shown this once",
    **writes(NewSubscriptionAnswer, "field_invalid", status=201),
)
async def create_subscription(
    services: CurrentServices, write: AdminWrite, command: decider.CreateSubscription
) -> Response:
    _, _, answer = await create(services, write, command)
    return written(answer)


@router.patch(
    "/{subscription_id}",
    summary="Change a webhook subscription; paused ones miss nothing",
    **writes(answer_of("webhook_subscription", SubscriptionDocument), "not_found", "field_invalid"),
)
async def change_subscription(
    services: CurrentServices,
    write: AdminWrite,
    subscription_id: UUID,
    command: decider.ChangeSubscription,
) -> Response:
    action = Action(
        kind=projection.SUBSCRIPTION,
        identifier=subscription_id,
        decide=lambda state, _moment: decider.change(
            state, subscription_id, command, allow_http=services.settings.webhook_allow_http
        ),
        show=shown_subscription,
        occurred_at=command.occurred_at,
    )
    return written(await services.writer.handle(write, action))


@router.delete(
    "/{subscription_id}",
    summary="Delete a webhook subscription",
    **writes(answer_of("webhook_subscription", SubscriptionDocument), "not_found"),
)
async def delete_subscription(
    services: CurrentServices, write: AdminWrite, subscription_id: UUID
) -> Response:
    action = Action(
        kind=projection.SUBSCRIPTION,
        identifier=subscription_id,
        decide=lambda state, _moment: decider.delete(state, subscription_id),
        show=shown_subscription,
    )
    return written(await services.writer.handle(write, action))


@router.post(
    "/{subscription_id}/recoveries",
    summary="Let a halted subscription go on after a position that you choose",
    **writes(
        answer_of("webhook_subscription", SubscriptionDocument),
        "not_found",
        "field_invalid",
        "subscription_not_halted",
        status=201,
    ),
)
async def recover_subscription(
    services: CurrentServices,
    write: AdminWrite,
    subscription_id: UUID,
    command: decider.RecoverSubscription,
) -> Response:
    """What the log has after the position is delivered, again where the receiver has it already; the first event of
    each project has 0 as its webhook-previous-sequence then. At or before the position only what was not settled yet:
    an event that was being tried again, where the log still has it, and what its project has behind it. Nothing else
    of there is delivered: to skip nothing, take a position that is not behind `last_common_position`. A second recovery
    with the same position is no event; with another one it is refused.
    """
    place = write.caller.workspace_id, subscription_id
    halted_version: int | None = None
    head = Head(0, b"")

    async def look(_state: Subscription | None) -> None:
        nonlocal halted_version, head
        halted_version = await services.database.fetchval(projection.HALTED_VERSION, *place)
        head = await read_head(services.database, write.caller.workspace_id)

    action = Action(
        kind=projection.SUBSCRIPTION,
        identifier=subscription_id,
        decide=lambda state, _moment: decider.recover(
            state, subscription_id, command, halted_version=halted_version, head=head.position
        ),
        show=shown_subscription,
        status=201,
        occurred_at=command.occurred_at,
        prepare=look,
    )
    return written(await services.writer.handle(write, action))


@router.post(
    "/{subscription_id}/secret-rotations",
    summary="Make a new signing secret; for a time the one before signs beside it",
    **writes(RotatedSecretAnswer, "not_found", "field_invalid", status=201),
)
async def rotate_secret(
    services: CurrentServices,
    write: AdminWrite,
    subscription_id: UUID,
    command: decider.RotateSecret,
) -> Response:
    """webhook-signature then holds two signatures, parted by a space, as Standard Webhooks has it: a receiver is right
    to take a delivery when one of them fits. A rotation within the overlap ends it for the oldest of the three secrets.
    """
    return written(await creation.rotate_secret(services, write, subscription_id, command))


@router.get(
    "/{subscription_id}/attempts",
    summary="Every delivery attempt, the newest first",
    **reads(
        page_of("Attempt", AttemptDocument),
        "workspace_role_not_allowed",
        "not_found",
        "cursor_invalid",
    ),
)
async def list_attempts(
    services: CurrentServices,
    caller: CurrentCaller,
    subscription_id: UUID,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    await _row(services, caller, subscription_id)
    key = services.settings.secret_key_bytes
    path = f"/v1/webhook-subscriptions/{subscription_id}/attempts"
    filters = {"list": path}
    before = after_id(key, caller.workspace_id, filters, cursor)
    rows = await services.database.fetch(
        projection.ATTEMPTS, caller.workspace_id, subscription_id, before, limit + 1
    )
    return page_by_id(key, caller.workspace_id, path, filters, rows, limit)


async def _row(services: Services, caller: Caller, subscription_id: UUID) -> asyncpg.Record:
    _refuse_member(caller)
    row = await services.database.fetchrow(projection.ONE, caller.workspace_id, subscription_id)
    if row is None:
        raise RefusedError(not_found("webhook subscription", subscription_id))
    return row


def _refuse_member(caller: Caller) -> None:
    if caller.workspace_role == "member":
        raise ProblemError(
            "workspace_role_not_allowed",
            "only owners, admins and auditors see webhook subscriptions",
        )
