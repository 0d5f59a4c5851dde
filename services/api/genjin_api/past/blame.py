"""Who last set each field of a project: from the changes that its events carry."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.event import stream_of

# Every field that was ever set below $4, or whose part $4 is, with the version of the last event that did, up to $3.
_LAST_SET = """
SELECT c->>'path' AS path, max(e.version) AS version
  FROM genjin.event e, json_array_elements(e.body::json->'changes') c
 WHERE e.workspace_id = $1 AND e.stream = $2 AND e.version <= $3
   AND (c->>'path' = $4 OR starts_with(c->>'path', $4 || '/') OR starts_with($4, (c->>'path') || '/'))
 GROUP BY 1
"""

# The events that set the fields of one page.
_EVENTS = """
SELECT version, body FROM genjin.event WHERE workspace_id = $1 AND stream = $2 AND version = ANY ($3)
"""

# What each event of a stretch changed.
_CHANGED = """
SELECT e.position, c->>'path' AS path
  FROM genjin.event e, json_array_elements(e.body::json->'changes') c
 WHERE e.workspace_id = $1 AND e.stream = $2 AND e.version > $3 AND e.version <= $4 ORDER BY e.position
"""


async def last_set(
    database: asyncpg.Pool, workspace_id: UUID, project_id: UUID, version: int, prefix: str
) -> dict[str, int]:
    """Paths in order, each with the version that last set it. A field whose whole was set anew later is not there."""
    stream = stream_of("project", project_id)
    rows = await database.fetch(_LAST_SET, workspace_id, stream, version, prefix)
    found = {row["path"]: row["version"] for row in rows}
    asked = [path for path in sorted(found) if path.startswith(prefix)]
    return {path: found[path] for path in asked if not _overwritten(path, found)}


def _overwritten(path: str, found: Mapping[str, int]) -> bool:
    parts = path.split("/")
    above = ("/".join(parts[:length]) for length in range(2, len(parts)))
    return any(found.get(one, 0) > found[path] for one in above)


async def blamed(
    database: asyncpg.Pool,
    workspace_id: UUID,
    project_id: UUID,
    page: Mapping[str, int],
    document: Any,
) -> list[dict[str, Any]]:
    """The fields of a page with the event that set each. value is what stands there in the document, null: nothing."""
    stream, versions = stream_of("project", project_id), sorted(set(page.values()))
    rows = await database.fetch(_EVENTS, workspace_id, stream, versions)
    events = {row["version"]: orjson.loads(row["body"]) for row in rows}
    return [_entry(path, value_at(document, path), events[page[path]]) for path in page]


def _entry(path: str, value: Any, event: Mapping[str, Any]) -> dict[str, Any]:
    said = ("version", "position", "type", "actor", "recorded_at", "occurred_at")
    names = {name: event[name] for name in said}
    return {"path": path, "value": value, "event_id": event["id"], **names}


def value_at(document: Any, path: str) -> Any:
    """What a JSON Pointer leads to, None where nothing is."""
    for part in path.split("/")[1:]:
        if not isinstance(document, dict):
            return None
        document = document.get(part.replace("~1", "/").replace("~0", "~"))
    return document


async def changed_between(
    database: asyncpg.Pool, workspace_id: UUID, project_id: UUID, after_version: int, version: int
) -> dict[str, list[int]]:
    """The positions of the events that changed each path, after one version up to another."""
    stream = stream_of("project", project_id)
    rows = await database.fetch(_CHANGED, workspace_id, stream, after_version, version)
    by_path: dict[str, list[int]] = {}
    for row in rows:
        by_path.setdefault(row["path"], []).append(row["position"])
    return by_path
