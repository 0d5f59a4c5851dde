"""Webhook subscriptions and what was tried to deliver to them."""

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

_COLUMNS = """id, url, event_types, description, active, start_position, created_by, version, created_at, updated_at,
       phrase"""

# Subscriptions in the order of their making, after $2.
LIST = f"""
SELECT {_COLUMNS} FROM genjin.webhook_subscription
 WHERE workspace_id = $1 AND NOT deleted AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""

ONE = f"SELECT {_COLUMNS} FROM genjin.webhook_subscription WHERE workspace_id = $1 AND id = $2 AND NOT deleted"

# Attempts of a subscription, the newest first, before $3.
ATTEMPTS = """
SELECT id, position, event_id, event_type, stream, number, outcome, status, error, response, started_at,
       duration_ms, next_attempt_at, parked
  FROM genjin.delivery_attempt
 WHERE workspace_id = $1 AND subscription_id = $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4
"""
