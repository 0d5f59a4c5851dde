"""A question to the history as it comes in, by query parameters or in a body: the filter, or what is wrong with it."""

from collections.abc import Sequence
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from genjin.history.filter import VALUES_MAX, EventFilter, Term, change_text
from genjin.history.phrase import PHRASE_CHARACTERS_MAX, PhraseError, parse_phrase
from genjin.history.values import FIELDS, Range, Unreadable, read_value
from genjin.history.values import Field as FieldName
from genjin_api.history.walk import Order
from genjin_api.http.problems import ProblemError
from genjin_api.refusal import FieldError

ERRORS_MAX = 20
_RANGES: tuple[FieldName, ...] = ("recorded", "occurred", "position")


def _values(description: str, *examples: str) -> Any:
    return Field((), max_length=VALUES_MAX, description=description, examples=[list(examples)])


Texts = Sequence[str]
Scalars = Sequence[str | int | float | bool | None]
Bound = Annotated[
    str | None,
    Field(
        max_length=64,
        description="a day (from midnight UTC) or an RFC 3339 time; an end is not included",
        examples=["2026-01-01", "2026-02-01T00:00:00+08:00"],
    ),
]
Number = Annotated[int | None, Field(ge=0, le=10**18 - 1)]


class ProjectFilters(BaseModel):
    """Of a field's values one is enough; every field that is given must hold, and the phrase as well. path, before and
    after hold for one and the same change. What no value may be (-field:value) is said in the phrase.
    """

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"type": ["stage.*"], "phrase": "-role:marketer"}]},
    )

    actor: Texts = _values("the id of a person", "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10")
    actor_type: Texts = _values("person or system", "person")
    role: Texts = _values("the project role acted in", "marketer")
    type: Texts = _values("whole types, noun.* or *", "stage.advanced", "risk.*")
    stage: Texts = _values("where it happened, left or entered, or what a change touches", "s1")
    stream: Texts = _values("as project-019ab0c2-…", "workspace-019ab0c2")
    subject: Texts = _values("an id that the event names, or a form's key", "visit_report")
    path: Texts = _values("of a changed field: a JSON Pointer, or one with /*", "/header/region")
    before: Scalars = _values("of a changed field: text as it is, all else as JSON", "华东")
    after: Scalars = _values("of a changed field: text as it is, all else as JSON", "华北")
    request_id: Texts = _values("of the request that made it", "request-1")
    correlation_id: Texts = _values("shared by several requests", "import-7")
    causation_id: Texts = _values("of what brought it about", "request-1")
    id: Texts = _values("of the event", "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10")
    recorded_from: Bound = None
    recorded_to: Bound = None
    occurred_from: Bound = None
    occurred_to: Bound = None
    position_from: Number = None
    position_to: Number = None
    phrase: str = Field(
        "",
        max_length=PHRASE_CHARACTERS_MAX,
        description="the same as text, with negation: type:stage.* -role:marketer path:/header/*",
        examples=["type:stage.* -role:marketer recorded:2026-01-01..2026-02-01 after:approved"],
    )


class Filters(ProjectFilters):
    """Of the whole workspace."""

    project: UUID | None = Field(None, description="the id of a project")


class ProjectQuestion(ProjectFilters):
    """Filters, and which page of what they leave."""

    order: Order = "asc"
    limit: int = Field(50, ge=1, le=200)
    cursor: str | None = Field(None, max_length=1000)


class Question(ProjectQuestion, Filters):
    """The same of the whole workspace."""


def asked_by(question: ProjectFilters, place: str, *terms: Term) -> EventFilter:
    """place stands before a field's name in an error: ? for a query parameter, / in a body. Raises ProblemError."""
    errors: list[FieldError] = []
    given = list(terms)
    for field in FIELDS:
        if field in _RANGES:
            given += _range(field, question, place, errors)
        elif field == "project":
            chosen = getattr(question, "project", None)
            given += [Term("project", (str(chosen),))] if chosen else []
        else:
            given += _term(field, getattr(question, field), place, errors)
    phrase = parse_phrase(question.phrase)
    if isinstance(phrase, PhraseError):
        errors.append(FieldError(f"{place}phrase", "phrase_invalid", str(phrase)))
        phrase = EventFilter()
    if errors:
        raise ProblemError("validation_failed", "see errors", errors=errors[:ERRORS_MAX])
    return phrase.and_(*given)


def _term(
    field: FieldName, values: Sequence[Any], place: str, errors: list[FieldError]
) -> list[Term]:
    found = []
    for value in values:
        read = read_value(field, change_text(value))
        if isinstance(read, Unreadable):
            errors.append(FieldError(f"{place}{field}", "invalid", read.rule))
        else:
            found.append(read)
    return [Term(field, tuple(found))] if found else []


def _range(
    field: FieldName, question: ProjectFilters, place: str, errors: list[FieldError]
) -> list[Term]:
    """A term for each end that is given: where they do not meet, nothing matches."""
    found = []
    for side, form in (("from", "{}.."), ("to", "..{}")):
        bound = getattr(question, f"{field}_{side}")
        if bound is None:
            continue
        read = read_value(field, form.format(bound))
        if isinstance(read, Range):
            found.append(Term(field, (read,)))
        else:
            rule = "must be a day or an RFC 3339 time with an offset"
            errors.append(FieldError(f"{place}{field}_{side}", "invalid", rule))
    return found
