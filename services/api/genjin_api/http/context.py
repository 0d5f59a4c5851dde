"""What routes ask of a request: who calls, the services, the headers of a write.

Each is one function of the request alone: a dependency of a dependency, and a header that FastAPI is told of, cost more
than what they do here. documents.py tells OpenAPI of the headers and the credential.
"""

import re
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncEngine

from genjin.canonical import canonical_json
from genjin.settings import ApiSettings
from genjin_api.acting import Caller
from genjin_api.action import Request as WriteRequest
from genjin_api.documents.file_store import FileStore
from genjin_api.feed.feed import Feed
from genjin_api.handle import Writer
from genjin_api.http.authentication import Credentials
from genjin_api.http.documents import CORRELATION_ID_MAX
from genjin_api.http.problems import ProblemError, language_of
from genjin_api.idempotency import Idempotency, idempotency
from genjin_api.refusal import FieldError
from genjin_api.states import States
from genjin_api.subjects.keys import SubjectKeys
from genjin_api.templates.library import Library

_ETAG = re.compile(r'"?(\d{1,9})"?')
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


@dataclass(frozen=True, slots=True)
class Services:
    """What the process is made of; app.py puts it together."""

    settings: ApiSettings
    database: asyncpg.Pool
    engine: AsyncEngine
    states: States
    library: Library
    writer: Writer
    subject_keys: SubjectKeys
    credentials: Credentials
    feed: Feed
    files: FileStore

    async def person_name(self, workspace_id: UUID, person_id: UUID) -> str | None:
        """The name of an active person of this workspace."""
        name: str | None = await self.database.fetchval(
            "SELECT name FROM genjin.person WHERE workspace_id = $1 AND id = $2 AND active",
            workspace_id,
            person_id,
        )
        return name


async def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


async def _caller(request: Request) -> Caller:
    caller: Caller = request.state.caller
    return caller


CurrentServices = Annotated[Services, Depends(_services)]
CurrentCaller = Annotated[Caller, Depends(_caller)]


def refuse_auditor(caller: Caller) -> None:
    if caller.workspace_role == "auditor":
        raise ProblemError("workspace_role_not_allowed", "auditors read, they do not write")


async def _write_request(request: Request) -> WriteRequest:
    caller: Caller = request.state.caller
    refuse_auditor(caller)
    request_id: str = request.state.request_id
    headers = request.headers
    if_match = headers.get("if-match")
    return WriteRequest(
        caller=caller,
        request_id=request_id,
        correlation_id=_correlation(headers.get("correlation-id")) or request_id,
        language=language_of(headers.get("accept-language")),
        if_match=_version(if_match),
        idempotency=await _idempotency(request, headers.get("idempotency-key"), if_match),
    )


Write = Annotated[WriteRequest, Depends(_write_request)]


async def _reading(request: Request) -> WriteRequest:
    """A read that may leave a record of itself: auditors read, too."""
    caller, request_id = request.state.caller, request.state.request_id
    language = language_of(request.headers.get("accept-language"))
    return WriteRequest(caller, request_id, request_id, language)


RecordedRead = Annotated[WriteRequest, Depends(_reading)]


def refuse_member(caller: Caller, detail: str) -> None:
    """What owners, admins and auditors see of the whole workspace."""
    if caller.workspace_role == "member":
        raise ProblemError("workspace_role_not_allowed", detail)


async def _administrator(request: Request) -> WriteRequest:
    write = await _write_request(request)
    if not write.caller.administers:
        raise ProblemError(
            "workspace_role_not_allowed", "only owners and admins of the workspace may do this"
        )
    return write


AdminWrite = Annotated[WriteRequest, Depends(_administrator)]


def _version(if_match: str | None) -> int | None:
    if if_match is None:
        return None
    match = _ETAG.fullmatch(if_match.strip())
    if match is None:
        raise ProblemError("header_invalid", 'If-Match must be one version, as "7"')
    return int(match[1])


def _correlation(value: str | None) -> str | None:
    if value is not None and len(value) > CORRELATION_ID_MAX:
        detail = f"String should have at most {CORRELATION_ID_MAX} characters"
        errors = [FieldError("header correlation-id", "string_too_long", detail)]
        raise ProblemError("validation_failed", "see errors", errors=errors)
    if value is not None and not _KEY.fullmatch(value):
        raise ProblemError("header_invalid", "Correlation-Id must be visible ASCII")
    return value


async def _idempotency(
    request: Request, key: str | None, if_match: str | None
) -> Idempotency | None:
    """The key bare or as a quoted string; both forms are the same key."""
    if key is None:
        return None
    bare = key[1:-1] if len(key) > 1 and key[0] == key[-1] == '"' else key
    if not _KEY.fullmatch(bare):
        raise ProblemError(
            "header_invalid", "Idempotency-Key must be 1 to 255 visible ASCII characters"
        )
    body = canonical_json(await request.json()).encode() if await request.body() else b""
    secret_key = request.app.state.services.settings.secret_key_bytes
    return idempotency(secret_key, bare, request.method, _path(request), if_match or "", body)


def _path(request: Request) -> str:
    return f"{request.url.path}?{request.url.query}"
