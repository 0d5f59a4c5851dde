"""Answers: what a write made, one thing with its version, a page of a list."""

from collections.abc import Iterable
from typing import Any

import orjson
from fastapi.responses import Response

from genjin.canonical import plain_json
from genjin_api.action import Answer
from genjin_api.http.problems import MEDIA_TYPE

JSON = "application/json"


def written(answer: Answer) -> Response:
    headers = {}
    if answer.version is not None:
        headers["ETag"] = f'"{answer.version}"'
    if answer.events:
        headers["Genjin-Position"] = str(answer.events[-1].position)
    if answer.location:
        headers["Location"] = answer.location
    if answer.replayed:
        headers["Idempotent-Replayed"] = "true"
    media_type = MEDIA_TYPE if answer.status >= 400 else JSON
    return Response(answer.body(), answer.status, media_type=media_type, headers=headers)


def shown(value: Any, version: int | None = None) -> Response:
    headers = {} if version is None else {"ETag": f'"{version}"'}
    return Response(plain_json(value), media_type=JSON, headers=headers)


def shown_text(body: str, version: int) -> Response:
    """JSON that the database holds ready."""
    return Response(body, media_type=JSON, headers={"ETag": f'"{version}"'})


def listed(
    items: Iterable[Any], next_link: str | None = None, next_cursor: str | None = None
) -> Response:
    headers = {"Link": f'<{next_link}>; rel="next"'} if next_link else {}
    return Response(
        plain_json({"items": list(items), "next_cursor": next_cursor}),
        media_type=JSON,
        headers=headers,
    )


def bodies(rows: Iterable[Any]) -> list[Any]:
    """The read-model documents of rows."""
    return [orjson.loads(row["body"]) for row in rows]
