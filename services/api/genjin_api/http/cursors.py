"""Cursors of lists: opaque, signed, and good for the list they came from alone."""

import base64
import hmac
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import canonical_json
from genjin_api.http.problems import ProblemError

_SIGNATURE_BYTES = 16


def make_cursor(
    key: bytes, workspace_id: UUID, filters: Mapping[str, Any], place: list[Any]
) -> str:
    """place is where the next page begins: the sort keys of this page's last item."""
    body = orjson.dumps(place)
    return (
        base64.urlsafe_b64encode(_signature(key, workspace_id, filters, body) + body)
        .decode()
        .rstrip("=")
    )


def read_cursor(
    key: bytes, workspace_id: UUID, filters: Mapping[str, Any], cursor: str | None
) -> list[Any] | None:
    """The place that a cursor names. A tampered cursor, or one of another list or filter, is a 400."""
    if cursor is None:
        return None
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    except ValueError as error:
        raise ProblemError("cursor_invalid", "the cursor is damaged") from error
    signature, body = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
    if not hmac.compare_digest(signature, _signature(key, workspace_id, filters, body)):
        raise ProblemError(
            "cursor_invalid", "the cursor belongs to another list or to other filters"
        )
    place: list[Any] = orjson.loads(body)
    return place


def _signature(key: bytes, workspace_id: UUID, filters: Mapping[str, Any], body: bytes) -> bytes:
    message = b"\n".join((str(workspace_id).encode(), canonical_json(dict(filters)).encode(), body))
    return hmac.new(key, message, sha256).digest()[:_SIGNATURE_BYTES]
