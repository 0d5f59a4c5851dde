"""Canonical JSON: sorted keys, no spaces, UTF-8. The bytes are stored as hashed, so nobody has to make them again."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel


def canonical_json(value: Any) -> str:
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS).decode()


def plain_json(value: Any) -> bytes:
    """JSON of states and rows: dataclasses, models, UUIDs, days and instants (in UTC, ending in Z) as they are."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, UUID):  # asyncpg's own subclass, which orjson does not take
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, as the log writes it."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return f"{in_utc.isoformat(timespec='microseconds').removesuffix('+00:00')}Z"
