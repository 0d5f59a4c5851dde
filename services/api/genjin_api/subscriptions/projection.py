"""Webhook subscriptions and what was tried to deliver to them."""

from typing import Any

import asyncpg

from genjin_api.streams import Rows, StreamKind
from genjin_api.subscriptions.state import Subscription, evolve


def rows(_before: Subscription | None, after: Subscription) -> Rows:
    return {
        "webhook_subscription": [
            {
                "id": after.id,
                "url": after.url,
                "event_types": after.event_types,
                "description": after.description,
                "active": after.active,
                "deleted": after.deleted,
                "start_position": after.start_position,
                "created_by": after.created_by,
                "version": after.version,
                "created_at": after.created_at,
                "updated_at": after.updated_at,
                "phrase": after.phrase,
            }
        ]
    }


SUBSCRIPTION = StreamKind(
    noun="webhook_subscription",
    evolve=evolve,
    rows=rows,
    version=lambda subscription: subscription.version,
)

# A subscription as registered, and why the notifier serves it no more, if it has halted it.
_STANDING = """
SELECT s.id, s.url, s.event_types, s.description, s.active, s.start_position, s.created_by, s.version, s.created_at,
       s.updated_at, s.phrase,
       h.code AS halt_code, h.detail AS halt_detail, h.position AS halt_position, h.halted_at AS halt_halted_at
  FROM genjin.webhook_subscription s
  LEFT JOIN genjin.delivery_halt h ON h.workspace_id = s.workspace_id AND h.subscription_id = s.id
"""

# Subscriptions in the order of their making, after $2.
LIST = f"""
{_STANDING} WHERE s.workspace_id = $1 AND NOT s.deleted AND ($2::uuid IS NULL OR s.id > $2) ORDER BY s.id LIMIT $3
"""

ONE = f"{_STANDING} WHERE s.workspace_id = $1 AND s.id = $2 AND NOT s.deleted"

IS_HALTED = """
SELECT EXISTS (SELECT FROM genjin.delivery_halt WHERE workspace_id = $1 AND subscription_id = $2)
"""

# Attempts of a subscription, the newest first, before $3.
ATTEMPTS = """
SELECT id, position, event_id, event_type, stream, number, outcome, status, error, response, started_at,
       duration_ms, next_attempt_at, parked
  FROM genjin.delivery_attempt
 WHERE workspace_id = $1 AND subscription_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""


def standing_document(row: asyncpg.Record) -> dict[str, Any]:
    """Of a row of LIST or ONE."""
    document = {name: value for name, value in row.items() if not name.startswith("halt_")}
    names = ("code", "detail", "position", "halted_at")
    halted = row["halt_code"] is not None
    document["state"] = "halted" if halted else "delivering" if row["active"] else "paused"
    document["halt"] = {name: row[f"halt_{name}"] for name in names} if halted else None
    return document
