"""Pages of lists: the cursor is the sort keys of the last item, its id where a list is ordered by id."""

from collections.abc import Iterable, Mapping, Sequence
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
    given = {name: value for name, value in filters.items() if value is not None and name != "list"}
    place = [str(items[-1]["id"])]
    return page_with_next(key, workspace_id, path, filters, items, place, {**given, "limit": limit})


def page_with_next(
    key: bytes,
    workspace_id: UUID,
    path: str,
    filters: Mapping[str, Any],
    items: Iterable[Any],
    place: list[Any],
    given: Mapping[str, Any],
) -> Response:
    """A page that is followed by another one. filters are what its cursor is good for, place the sort keys of its last
    item, given the query parameters of the link.
    """
    cursor = make_cursor(key, workspace_id, filters, place)
    return listed(items, f"{path}?{urlencode({**given, 'cursor': cursor})}", cursor)
