"""Whether stored events are what was hashed: the body by its leaf hash, and the columns beside it by the body. They are
copies of parts of it, and questions to the history find events by them; whoever seals, reads again or exports the log
holds them against it.
A commit must follow the one before it and be of its events and their time.

To parse a body costs more than all else that is done with it there. So Postgres makes of the columns the text that a
canonical body must have; only a body that has another is parsed, which settles it and names the column.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.evidence.merkle import leaf_hash
from genjin.log import chain
from genjin.log.reading import DamagedLogError, Reading

_INSTANT = """to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""

# For a SELECT of genjin.event: what the body must begin with, hold of the actor's role and the correlation, and end in.
# Functions of the body itself would cost more here than in Python: each unpacks it anew.
EXPECTED_TEXT = f"""
concat('{{"actor":{{"id":"', actor_id, '","name":') AS beginning,
concat(',"role":', coalesce(to_json(actor_role)::text, 'null'), ',"type":"') AS role,
concat(',"correlation_id":', to_json(correlation_id), ',"data":{{') AS correlation,
concat(',"id":"', id, '","occurred_at":"', {_INSTANT.format("occurred_at")}, '","position":', position,
       ',"recorded_at":"', {_INSTANT.format("recorded_at")}, '","request_id":', to_json(request_id),
       ',"schema_version":', schema_version, ',"stream":', to_json(stream), ',"type":', to_json(type),
       ',"version":', version, ',"workspace_id":"', workspace_id, '"}}') AS ending
"""

_IN_BODY: dict[str, Callable[[Any], Any]] = {
    "workspace_id": lambda body: body["workspace_id"],
    "position": lambda body: body["position"],
    "stream": lambda body: body["stream"],
    "version": lambda body: body["version"],
    "id": lambda body: body["id"],
    "type": lambda body: body["type"],
    "schema_version": lambda body: body["schema_version"],
    "actor_id": lambda body: body["actor"]["id"],
    "actor_role": lambda body: body["actor"]["role"],
    "occurred_at": lambda body: body["occurred_at"],
    "recorded_at": lambda body: body["recorded_at"],
    "request_id": lambda body: body["request_id"],
    "correlation_id": lambda body: body["correlation_id"],
}
_TIMES = ("occurred_at", "recorded_at")

# One event's columns as text.
_AS_TEXT = f"""
SELECT body, {", ".join(f"{name}::text AS {name}" for name in _IN_BODY)}
  FROM genjin.event WHERE workspace_id = $1 AND position = $2
"""


async def check_events(
    database: Reading, workspace_id: UUID, events: Sequence[asyncpg.Record]
) -> list[bytes]:
    """Their leaf hashes. events are rows with position, body, leaf_hash and EXPECTED_TEXT. Raises DamagedLogError with
    the position and the column.
    """
    leaves = []
    for event in events:
        body = event["body"].encode()
        leaf = leaf_hash(body)
        if leaf != event["leaf_hash"]:
            reason = "the leaf hash is not that of the event"
            raise DamagedLogError(f"position {event['position']}: {reason}")
        if not _has_expected_text(event, body):
            await _compare_parsed(database, workspace_id, event["position"])
        leaves.append(leaf)
    return leaves


def check_commit_place(commit: asyncpg.Record, position: int, head: bytes) -> None:
    """It must follow the commit of this hash that ends at a position. Raises DamagedLogError."""
    if (commit["first_position"], commit["previous_hash"]) != (position + 1, head):
        raise unfollowing(position + 1)


def check_commit_time(commit: asyncpg.Record, is_of_its_events: bool) -> None:
    """Raises DamagedLogError."""
    if not is_of_its_events:
        said = "the commit here was recorded at another time than its events"
        raise DamagedLogError(f"position {commit['first_position']}: {said}")


def check_commit_hash(commit: asyncpg.Record, leaves: Sequence[bytes]) -> bytes:
    """Its hash, which must be that over the one before it and its events. Raises DamagedLogError."""
    first, last = commit["first_position"], commit["last_position"]
    computed = chain.commit_hash(commit["previous_hash"], first, last, leaves)
    if commit["hash"] != computed:
        raise unfollowing(first)
    return computed


def unfollowing(position: int) -> DamagedLogError:
    return DamagedLogError(
        f"position {position}: the commit here does not follow the one before it"
    )


def _has_expected_text(event: asyncpg.Record, body: bytes) -> bool:
    """No: perhaps all the same. Nothing within quotes looks like a member, for quotes are escaped there; so the first
    role is the actor's. Where data or changes have a correlation_id too, it is not said here which is whose.
    """
    return (
        body.endswith(event["ending"].encode())
        and body.startswith(event["beginning"].encode())
        and body.startswith(event["role"].encode(), body.find(b',"role":'))
        and body.count(b',"correlation_id":') == 1
        and event["correlation"].encode() in body
    )


async def _compare_parsed(database: Reading, workspace_id: UUID, position: int) -> None:
    row = await database.fetchrow(_AS_TEXT, workspace_id, position)
    if row is None:
        raise DamagedLogError(f"position {position}: there is no event")
    try:
        body = orjson.loads(row["body"])
        told = {name: find(body) for name, find in _IN_BODY.items()}
    except (ValueError, LookupError, TypeError) as error:
        raise DamagedLogError(f"position {position}: the body is no event") from error
    for name, value in told.items():
        if not _is_same(name, row[name], value):
            reason = f"the column {name} is not what the body says"
            raise DamagedLogError(f"position {position}: {reason}")


def _is_same(name: str, column: str | None, told: Any) -> bool:
    if name not in _TIMES or column is None:
        return column == (None if told is None else str(told))
    try:
        return datetime.fromisoformat(column) == datetime.fromisoformat(told)
    except (ValueError, TypeError):
        return False
