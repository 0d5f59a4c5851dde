"""Kinds of fields that commands are made of, with their limits. One place, so that OpenAPI and errors agree."""

import re
from datetime import UTC, date, datetime
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
)

_CURRENCY = r"^[A-Z]{3}$"
_MONEY = r"^-?[0-9]{1,15}(\.[0-9]{1,4})?$"


def _only_text(value: object) -> object:
    """Dates and instants come as text: a number, bare or in quotes, is a mistake, not seconds since 1970."""
    if not isinstance(value, str) or not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("must be text in ISO 8601 form")
    return value


def _in_utc(moment: datetime) -> datetime:
    """Postgres does not take every offset, and at the ends of the calendar an offset leads out of it."""
    try:
        return moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("must lie within the years 1 to 9999 in UTC") from error


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)]
Prose = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
OptionalProse = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)]
Count = Annotated[int, Strict()]
Flag = Annotated[bool, Strict()]
Number = Annotated[
    float,
    Strict(),
    Field(ge=-1e15, le=1e15, allow_inf_nan=False),
    AfterValidator(lambda value: value + 0.0),  # -0 is 0: Postgres does not tell them apart
]
Day = Annotated[date, BeforeValidator(_only_text), Field(examples=["2026-12-01"])]
Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_only_text),
    AfterValidator(_in_utc),
    Field(examples=["2026-11-22T09:30:00+08:00"]),
]
Money = Annotated[
    str,
    StringConstraints(pattern=_MONEY),
    Field(description="decimal string", examples=["1250000.00"]),
]
Currency = Annotated[
    str,
    StringConstraints(pattern=_CURRENCY),
    Field(description="ISO 4217 code", examples=["CNY"]),
]


def is_money(text: str) -> bool:
    """Whether a text is an amount as Money takes it."""
    return re.fullmatch(_MONEY, text) is not None


def is_currency(text: str) -> bool:
    """Whether a text is a code as Currency takes it."""
    return re.fullmatch(_CURRENCY, text) is not None


def example(**body: Any) -> ConfigDict:
    """A body that OpenAPI shows for a command."""
    return ConfigDict(json_schema_extra={"examples": [body]})


class Command(BaseModel):
    """What a caller asks for. Fields that it does not have are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    occurred_at: Instant | None = Field(
        None, description="when it happened, if that was not just now; may be past, never future"
    )
