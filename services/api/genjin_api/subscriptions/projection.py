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
                "classes": after.classes,
                "disabled_because": after.disabled_because,
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
       s.updated_at, s.phrase, s.classes, s.disabled_because,
       h.code AS halt_code, h.detail AS halt_detail, h.position AS halt_position, h.halted_at AS halt_halted_at
  FROM genjin.webhook_subscription s
  LEFT JOIN genjin.delivery_halt h ON h.workspace_id = s.workspace_id AND h.subscription_id = s.id
"""

# Subscriptions in the order of their making, after $2.
LIST = f"""
{_STANDING} WHERE s.workspace_id = $1 AND NOT s.deleted AND ($2::uuid IS NULL OR s.id > $2) ORDER BY s.id LIMIT $3
"""

ONE = f"{_STANDING} WHERE s.workspace_id = $1 AND s.id = $2 AND NOT s.deleted"

# At which version a subscription was halted, if it is.
HALTED_VERSION = """
SELECT subscription_version FROM genjin.delivery_halt WHERE workspace_id = $1 AND subscription_id = $2
"""

# Attempts of a subscription, the newest first, before $3. in_log: whether the log has the very event.
ATTEMPTS = """
SELECT a.id, a.subscription_id, a.position, a.event_id, a.event_type, a.stream, a.number, a.outcome, a.status, a.error,
       a.response, a.started_at, a.duration_ms, a.next_attempt_at, a.parked, a.disclosed,
       EXISTS (SELECT FROM genjin.event e
                WHERE e.workspace_id = a.workspace_id AND e.position = a.position AND e.id = a.event_id) AS in_log
  FROM genjin.delivery_attempt a
 WHERE a.workspace_id = $1 AND a.subscription_id = $2 AND ($3::uuid IS NULL OR a.id < $3) ORDER BY a.id DESC LIMIT $4
"""

# What a halted subscription is recovered by. The last position that the log is known to share with the one that was
# delivered from: that of the cursor where the log has its commit, else of the newest signed checkpoint or attempt that
# the log still has. And how many events were delivered that it does not have. As far as the newest $4 of them show.
RECOVERY = """
WITH tried AS MATERIALIZED (
    SELECT a.event_id, a.position, a.outcome, e.id IS NOT NULL AS in_log
      FROM (SELECT * FROM genjin.delivery_attempt
             WHERE workspace_id = $1 AND subscription_id = $2 ORDER BY id DESC LIMIT $4) a
      LEFT JOIN genjin.event e ON e.workspace_id = $1 AND e.position = a.position AND e.id = a.event_id
), sealed AS (
    SELECT size, commit_hash FROM genjin.signed_checkpoint
     WHERE workspace_id = $1 AND size <= $3 ORDER BY size DESC LIMIT $4
)
SELECT least($3, greatest(0,
           (SELECT d.position FROM genjin.delivery_cursor d
              JOIN genjin.commit c ON c.workspace_id = $1 AND c.last_position = d.position AND c.hash = d.commit_hash
             WHERE d.workspace_id = $1 AND d.subscription_id = $2),
           (SELECT s.size FROM sealed s
              JOIN genjin.commit c ON c.workspace_id = $1 AND c.last_position = s.size AND c.hash = s.commit_hash
             ORDER BY s.size DESC LIMIT 1),
           (SELECT max(position) FROM tried WHERE in_log))) AS last_common_position,
       (SELECT count(DISTINCT event_id) FROM tried
         WHERE outcome = 'accepted' AND NOT in_log) AS delivered_not_in_log
"""
RECOVERY_LOOKS_MAX = 10_000


def standing_document(row: asyncpg.Record) -> dict[str, Any]:
    """Of a row of LIST or ONE."""
    document = {name: value for name, value in row.items() if not name.startswith("halt_")}
    names = ("code", "detail", "position", "halted_at")
    halted = row["halt_code"] is not None
    inactive = "disabled" if row["disabled_because"] else "paused"
    document["state"] = "halted" if halted else "delivering" if row["active"] else inactive
    document["halt"] = {name: row[f"halt_{name}"] for name in names} if halted else None
    return document
