"""What can go wrong, as problems: nothing leaves the API as a bare status or a trace."""

from typing import Any

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from genjin.log.group_commit import LogBusyError
from genjin.log.reading import ForkedLogError
from genjin_api.action import RefusedError, StaleVersionError
from genjin_api.action import Request as WriteRequest
from genjin_api.http.problems import (
    PROBLEMS,
    Code,
    ProblemError,
    language_of,
    problem,
    problem_response,
    refusal_problem,
)
from genjin_api.idempotency import KeyReusedError
from genjin_api.refusal import FieldError, Refusal

_log = structlog.get_logger(__name__)

_ERRORS_MAX = 50
_CODES: dict[int, Code] = {404: "not_found", 405: "method_not_allowed"}
_METHODS = ("GET", "HEAD", "QUERY", "POST", "PUT", "PATCH", "DELETE")

# The database is away or overloaded: the client may try again, with the same idempotency key.
_UNAVAILABLE = (
    OSError,
    TimeoutError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a pool's connection died between two of its statements
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.TooManyConnectionsError,
)


def refusal_body(refusal: Refusal, request: WriteRequest) -> tuple[int, dict[str, Any]]:
    """A refusal that is itself recorded: its status and body."""
    body = refusal_problem(refusal, request_id=request.request_id, language=request.language)
    return PROBLEMS[refusal.code][0], body


def add_failure_handlers(app: FastAPI) -> None:
    app.add_exception_handler(RefusedError, _refused)
    app.add_exception_handler(StaleVersionError, _stale)
    app.add_exception_handler(KeyReusedError, _key_reused)
    app.add_exception_handler(LogBusyError, _busy)
    app.add_exception_handler(ForkedLogError, _forked)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    for failure in _UNAVAILABLE:
        app.add_exception_handler(failure, _busy)
    app.add_exception_handler(DBAPIError, _database)


def failure_response(
    request: Request,
    code: Code,
    detail: str,
    errors: list[FieldError] | None = None,
    headers: dict[str, str] | None = None,
) -> Response:
    body = problem(
        code,
        detail,
        request_id=request.state.request_id,
        language=language_of(request.headers.get("accept-language")),
        errors=errors or (),
    )
    return problem_response(body, headers)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, RefusedError)
    body = refusal_problem(
        error.refusal,
        request_id=request.state.request_id,
        language=language_of(request.headers.get("accept-language")),
    )
    return problem_response(body)


async def _stale(request: Request, error: Exception) -> Response:
    return failure_response(request, "version_stale", str(error))


async def _key_reused(request: Request, _error: Exception) -> Response:
    return failure_response(
        request, "idempotency_key_reused", "this key was used for another request: take a new one"
    )


async def _forked(request: Request, error: Exception) -> Response:
    return failure_response(request, "log_forked", str(error))


async def _busy(request: Request, error: Exception) -> Response:
    _log.warning("unavailable", reason=repr(error)[:300], request_id=request.state.request_id)
    return failure_response(
        request, "busy", "send it again in a moment: with the same Idempotency-Key it is done once"
    )


async def _database(request: Request, error: Exception) -> Response:
    cause = error.__cause__.__cause__ if error.__cause__ else None
    if isinstance(cause, _UNAVAILABLE):
        return await _busy(request, cause)
    raise error


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error, ProblemError):
        return failure_response(
            request, error.code, str(error.detail), list(error.errors), dict(error.headers or {})
        )
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = ", ".join(_methods(request))
    code = _CODES.get(error.status_code, "malformed_json")
    return failure_response(request, code, f"{request.method} {request.url.path}", headers=headers)


def _methods(request: Request) -> list[str]:
    """Every method that the path takes: each route knows but its own."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**request.scope, "method": method})[0] is Match.FULL
            for route in request.app.routes
        )
    ]


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found = error.errors()[:_ERRORS_MAX]
    if any(item["loc"] == ("body",) and item["type"] == "missing" for item in found):
        return failure_response(request, "body_missing", "send a JSON body")
    errors = [FieldError(_pointer(item["loc"]), item["type"], _detail(item)) for item in found]
    return failure_response(request, "validation_failed", "see errors", errors)


def _pointer(location: tuple[int | str, ...]) -> str:
    """A JSON Pointer into the body; ?name for a query parameter, header or path segment by name."""
    place, *rest = location
    if place == "body":
        return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')[:200]}" for part in rest)
    return {"query": "?", "path": ":", "header": "header "}.get(str(place), "") + ".".join(
        str(part) for part in rest
    )


def _detail(item: dict[str, Any]) -> str:
    return "there is no such field" if item["type"] == "extra_forbidden" else str(item["msg"])[:500]
