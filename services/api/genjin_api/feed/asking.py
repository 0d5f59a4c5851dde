"""What a long answer is asked for by query parameters: the filter, or what is wrong with it."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from genjin.history.filter import VALUES_MAX, EventFilter, Term
from genjin.history.phrase import PHRASE_CHARACTERS_MAX, PhraseError, parse_phrase
from genjin.history.values import FIELDS, Unreadable, read_value
from genjin.history.values import Field as FieldName
from genjin_api.http.problems import ProblemError
from genjin_api.refusal import FieldError

_RANGES: tuple[FieldName, ...] = ("recorded", "occurred", "position")

Texts = Annotated[Sequence[str], Field(max_length=VALUES_MAX)]
Bound = Annotated[str | None, Field(max_length=64, description="a day or an RFC 3339 time")]
Number = Annotated[int | None, Field(ge=0, le=10**18 - 1)]


class ProjectFilters(BaseModel):
    """As for GET …/events: every field that is given must hold, and the phrase as well."""

    model_config = ConfigDict(extra="forbid")

    actor: Texts = ()
    actor_type: Texts = ()
    role: Texts = ()
    type: Texts = ()
    stage: Texts = ()
    stream: Texts = ()
    subject: Texts = ()
    path: Texts = ()
    before: Texts = ()
    after: Texts = ()
    request_id: Texts = ()
    correlation_id: Texts = ()
    causation_id: Texts = ()
    id: Texts = ()
    recorded_from: Bound = None
    recorded_to: Bound = None
    occurred_from: Bound = None
    occurred_to: Bound = None
    position_from: Number = None
    position_to: Number = None
    phrase: str = Field(
        "",
        max_length=PHRASE_CHARACTERS_MAX,
        description="the same as text, with negation",
        examples=["type:stage.* -role:marketer"],
    )


class Filters(ProjectFilters):
    """Of the whole workspace."""

    project: UUID | None = Field(None, description="the id of a project")


def asked_by(filters: ProjectFilters, *terms: Term) -> EventFilter:
    """The filter, with terms of the route's own. Raises ProblemError."""
    errors: list[FieldError] = []
    given = [*terms]
    for name, field, values in _given(filters):
        read = [read_value(field, value) for value in values]
        errors += [
            FieldError(f"?{name}", "invalid", value.rule)
            for value in read
            if isinstance(value, Unreadable)
        ]
        given.append(
            Term(field, tuple(value for value in read if not isinstance(value, Unreadable)))
        )
    phrase = parse_phrase(filters.phrase)
    if isinstance(phrase, PhraseError):
        errors.append(FieldError("?phrase", "phrase_invalid", str(phrase)))
        phrase = EventFilter()
    if errors:
        raise ProblemError("validation_failed", "see errors", errors=errors)
    return phrase.and_(*given)


def _given(filters: ProjectFilters) -> Iterator[tuple[str, FieldName, Sequence[str]]]:
    """Each parameter that was sent: its name, the field it asks for, its values. An end of a range is a range."""
    for field in FIELDS:
        if field in _RANGES:
            for name, form in ((f"{field}_from", "{}.."), (f"{field}_to", "..{}")):
                bound: Any = getattr(filters, name)
                if bound is not None:
                    yield name, field, [form.format(bound)]
        else:
            values: Any = getattr(filters, field, None)
            if values:
                yield field, field, [str(values)] if isinstance(values, UUID) else values
