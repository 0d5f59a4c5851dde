"""What OpenAPI says of a route beyond its body: the answer's shape, and every refusal with an example."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict, Field, create_model

from genjin_api.http.problems import MEDIA_TYPE, PROBLEMS, Code, problem

_EVERY_REQUEST: tuple[Code, ...] = (
    "unauthorized",
    "validation_failed",
    "text_not_storable",
    "internal_error",
    "busy",
)
_EVERY_WRITE: tuple[Code, ...] = (
    "malformed_json",
    "body_missing",
    "body_too_deep",
    "header_invalid",
    "workspace_role_not_allowed",
    "version_stale",
    "body_too_large",
    "unsupported_media_type",
    "idempotency_key_reused",
    "occurred_at_refused",
)
# What a read with a body can meet besides.
_EVERY_BODY: tuple[Code, ...] = (
    "malformed_json",
    "body_missing",
    "body_too_deep",
    "body_too_large",
    "unsupported_media_type",
)
_EVERY_UPLOAD: tuple[Code, ...] = (
    "body_missing",
    "header_invalid",
    "workspace_role_not_allowed",
    "body_too_large",
)
_REQUEST_ID = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"

CREDENTIALS = {
    "ApiKey": {"type": "http", "description": "An API key: gj_live_…", "scheme": "bearer"}
}
_BEHIND_A_KEY: dict[str, Any] = {"security": [{"ApiKey": []}]}

CORRELATION_ID_MAX = 128


def _header(name: str, description: str, **rules: Any) -> dict[str, Any]:
    """A header that may be left out."""
    schema = {
        "anyOf": [{"type": "string", **rules}, {"type": "null"}],
        "description": description,
        "title": name,
    }
    return {
        "name": name.lower(),
        "in": "header",
        "required": False,
        "schema": schema,
        "description": description,
    }


_HEADERS_OF_WRITES = [
    _header(
        "Idempotency-Key",
        "Kept for ever: the same key with the same request gets the same bytes, less what was erased since.",
    ),
    _header("If-Match", 'The version that you have seen, as "7"; another one is 412.'),
    _header(
        "Correlation-Id",
        "Ties the events of several requests together.",
        maxLength=CORRELATION_ID_MAX,
    ),
]


class Shape(BaseModel):
    """What an answer looks like. Nothing is checked against it: it is built when OpenAPI is asked for."""

    model_config = ConfigDict(defer_build=True)


class ActorDocument(Shape):
    type: str
    id: UUID
    name: str
    role: str | None


class ChangeDocument(Shape):
    """A field before and after; path is a JSON Pointer into the state."""

    path: str
    before: Any
    after: Any


class EventDocument(Shape):
    """An event, everywhere the same: in answers, history, webhooks."""

    id: UUID
    position: int
    stream: str
    version: int
    type: str
    schema_version: int
    occurred_at: datetime
    recorded_at: datetime
    actor: ActorDocument
    request_id: str
    correlation_id: str
    causation_id: str | None
    data: dict[str, Any]
    changes: list[ChangeDocument]
    workspace_id: UUID
    leaf_hash: str


class DeliveryDocument(Shape):
    """A webhook's body."""

    type: str
    timestamp: datetime
    data: EventDocument


class FieldErrorDocument(Shape):
    pointer: str
    code: str
    detail: str


class BlockerDocument(Shape):
    code: str
    subject: str
    value: Any


class ProblemDocument(Shape):
    """RFC 9457. events are there where the refusal itself was recorded (a refused advance)."""

    model_config = ConfigDict(title="Problem")

    type: str
    title: str
    status: int
    detail: str
    code: str
    request_id: str
    errors: list[FieldErrorDocument] = Field(default_factory=list)
    blockers: list[BlockerDocument] = Field(default_factory=list)
    events: list[EventDocument] = Field(default_factory=list)


@cache
def answer_of(name: str, model: Any) -> type[BaseModel]:
    """The body of a write: the thing as it stands now under its name, and the events that made it so."""
    fields: dict[str, Any] = {name: (model, ...), "events": (list[EventDocument], ...)}
    title = "".join(part.title() for part in name.split("_")) + "Answer"
    return create_model(title, __base__=Shape, **fields)


@cache
def page_of(name: str, model: Any) -> type[BaseModel]:
    fields: dict[str, Any] = {"items": (list[model], ...), "next_cursor": (str | None, None)}
    return create_model(f"{name}Page", __base__=Shape, **fields)


def writes(model: Any, *codes: Code, status: int = 200) -> dict[str, Any]:
    """Keyword arguments of a writing route."""
    return {
        "status_code": status,
        "responses": {status: {"model": model}, **_refusals(_EVERY_WRITE + _EVERY_REQUEST + codes)},
        "openapi_extra": {**_BEHIND_A_KEY, "parameters": _HEADERS_OF_WRITES},
    }


def writes_bytes(model: Any, media_type: str, accepts: str, *codes: Code) -> dict[str, Any]:
    """Keyword arguments of a route that takes bytes as they are, and does the same thing whenever it is sent them."""
    schema = {"type": "string", "format": "binary"}
    body = {"required": True, "description": accepts, "content": {media_type: {"schema": schema}}}
    refusals = (*_EVERY_UPLOAD, *_EVERY_REQUEST, *codes)
    return {
        "status_code": 201,
        "responses": {201: {"model": model}, **_refusals(refusals)},
        "openapi_extra": {**_BEHIND_A_KEY, "requestBody": body},
    }


def reads(model: Any, *codes: Code) -> dict[str, Any]:
    """Keyword arguments of a reading route."""
    return {
        "responses": {200: {"model": model}, **_refusals(_EVERY_REQUEST + codes)},
        "openapi_extra": _BEHIND_A_KEY,
    }


def queries(model: Any, *codes: Code) -> dict[str, Any]:
    """Keyword arguments of a reading route whose question comes in a body."""
    return reads(model, *_EVERY_BODY, *codes)


def streams(media_type: str, description: str, *codes: Code) -> dict[str, Any]:
    """Keyword arguments of a reading route whose answer is text that goes on."""
    answer = {"description": description, "content": {media_type: {}}}
    responses = {200: answer, **_refusals(_EVERY_REQUEST + codes)}
    return {"response_class": Response, "responses": responses, "openapi_extra": _BEHIND_A_KEY}


def _refusals(codes: tuple[Code, ...]) -> dict[int | str, dict[str, Any]]:
    by_status: dict[int, list[Code]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(PROBLEMS[code][0], []).append(code)
    return {status: _response(of_status) for status, of_status in sorted(by_status.items())}


def _response(codes: list[Code]) -> dict[str, Any]:
    examples = {code: {"summary": PROBLEMS[code][1], "value": _example(code)} for code in codes}
    return {
        "description": " · ".join(f"`{code}` {PROBLEMS[code][1]}" for code in codes),
        "content": {
            MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}
        },
    }


def _example(code: Code) -> dict[str, Any]:
    return problem(code, PROBLEMS[code][1], request_id=_REQUEST_ID, language="en")
