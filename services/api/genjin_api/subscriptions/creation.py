"""Making a webhook subscription, and new secrets for it: the fact in the log, the secret sealed beside it."""

import base64
import os
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from genjin.identifiers import new_id
from genjin.log.reading import read_head
from genjin.sealing import seal
from genjin_api.acting import Caller
from genjin_api.action import Action, Answer, Request
from genjin_api.http.context import Services
from genjin_api.streams import Rows
from genjin_api.subscriptions import decider, projection
from genjin_api.subscriptions.state import Subscription

SECRET_BYTES = 32


async def create(
    services: Services, request: Request, command: decider.CreateSubscription
) -> tuple[UUID, str, Answer]:
    """The new id, the secret that is told this once, and the answer. Deliveries begin behind the head of now."""
    subscription_id, secret = new_id(), _new_secret()
    head = await read_head(services.database, request.caller.workspace_id)
    sealed = seal(services.settings.secret_key_bytes, secret, _purpose(subscription_id))
    action = Action(
        kind=projection.SUBSCRIPTION,
        identifier=subscription_id,
        decide=lambda _state, _moment: decider.create(
            command, head.position, allow_http=services.settings.webhook_allow_http
        ),
        show=lambda subscription: {**shown(subscription), "secret": secret},
        status=201,
        location=f"/v1/webhook-subscriptions/{subscription_id}",
        occurred_at=command.occurred_at,
        private_rows=_secret_rows(subscription_id, sealed, None),
        confidential=True,
    )
    return subscription_id, secret, await services.writer.handle(request, action)


async def rotate_secret(
    services: Services, request: Request, subscription_id: UUID, command: decider.RotateSecret
) -> Answer:
    """The overlap begins now, whenever the rotation is said to have happened."""
    secret, until = _new_secret(), datetime.now(UTC) + timedelta(seconds=command.overlap_seconds)
    sealed = seal(services.settings.secret_key_bytes, secret, _purpose(subscription_id))
    action = Action(
        kind=projection.SUBSCRIPTION,
        identifier=subscription_id,
        decide=lambda state, _moment: decider.rotate_secret(state, subscription_id, until),
        show=lambda one: {**shown(one), "secret": secret, "overlap_until": until},
        status=201,
        occurred_at=command.occurred_at,
        private_rows=_secret_rows(
            subscription_id, sealed, until if command.overlap_seconds else None
        ),
        confidential=True,
    )
    return await services.writer.handle(request, action)


async def create_subscription(
    services: Services, caller: Caller, command: decider.CreateSubscription
) -> tuple[UUID, str]:
    """Without HTTP, for whoever runs the installation."""
    subscription_id, secret, _ = await create(services, Request.without_http(caller), command)
    return subscription_id, secret


def shown(subscription: Subscription) -> dict[str, Any]:
    [row] = projection.rows(None, subscription)["webhook_subscription"]
    return {
        "webhook_subscription": {name: value for name, value in row.items() if name != "deleted"}
    }


def _secret_rows(subscription_id: UUID, sealed: str, previous_until: datetime | None) -> Rows:
    row = {"subscription_id": subscription_id, "sealed": sealed, "previous_until": previous_until}
    return {"webhook_secret": [row]}


def _new_secret() -> str:
    """As Standard Webhooks wants it: whsec_ and base64 of 24 to 64 random bytes."""
    return f"whsec_{base64.b64encode(os.urandom(SECRET_BYTES)).decode()}"


def _purpose(subscription_id: UUID) -> str:
    """What a sealed secret is bound to; the notifier opens it with the same words."""
    return f"webhook-secret:{subscription_id}"
