"""Pages of lists that are ordered by id: the cursor is the last id."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi.responses import Response

from genjin_api.http.answers import listed
from genjin_api.http.cursors import make_cursor, read_cursor


def after_id(
    key: bytes, workspace_id: UUID, filters: Mapping[str, Any], cursor: str | None
) -> UUID | None:
    place = read_cursor(key, workspace_id, filters, cursor)
    return UUID(place[0]) if place else None


def page_by_id(
    key: bytes,
    workspace_id: UUID,
    path: str,
    filters: Mapping[str, Any],
    rows: Sequence[Any],
    limit: int,
) -> Response:
    """rows: one more than the page where there is a next one. filters are the list's name and its query parameters."""
    items = [dict(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return listed(items)
    cursor = make_cursor(key, workspace_id, filters, [str(items[-1]["id"])])
    given = {name: value for name, value in filters.items() if value is not None and name != "list"}
    link = f"{path}?{urlencode({**given, 'limit': limit, 'cursor': cursor})}"
    return listed(items, link, cursor)
