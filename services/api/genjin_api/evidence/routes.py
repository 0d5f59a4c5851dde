"""Evidence over HTTP. Everybody of the workspace may read it, for it holds hashes and no content."""

from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import APIRouter, Header, Query
from fastapi.responses import PlainTextResponse, Response

from genjin_api.action import Action, RefusedError
from genjin_api.evidence import decider, projection
from genjin_api.evidence.documents import (
    CheckpointDocument,
    ConsistencyDocument,
    InclusionDocument,
    LogKeyDocument,
    RotationDocument,
)
from genjin_api.evidence.projection import LOG_KEY, LogDamagedError
from genjin_api.evidence.state import Rotations
from genjin_api.http.answers import listed, shown, written
from genjin_api.http.context import AdminWrite, CurrentCaller, CurrentServices, Services
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import page_with_next
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import FieldError, not_found

router = APIRouter(prefix="/v1/log", tags=["evidence"], route_class=JsonRoute)

_CHECKPOINTS, _KEYS = "/v1/log/checkpoints", "/v1/log/keys"
SIZE_MAX = 2**62

Size = Annotated[int | None, Query(ge=1, le=SIZE_MAX)]
Limit = Annotated[int, Query(ge=1, le=200)]
Cursor = Annotated[str | None, Query(max_length=1000)]


@router.get(
    "/checkpoints",
    summary="Signed checkpoints, the newest first",
    **reads(page_of("Checkpoint", CheckpointDocument), "cursor_invalid"),
)
async def list_checkpoints(
    services: CurrentServices, caller: CurrentCaller, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    before = _place(services, caller.workspace_id, _CHECKPOINTS, cursor)
    place = caller.workspace_id, before, limit + 1
    rows = await services.database.fetch(projection.CHECKPOINTS, *place)
    items = [projection.checkpoint_document(row) for row in rows]
    return _page(services, caller.workspace_id, _CHECKPOINTS, items, "size", limit)


_LATEST_DOCUMENT = reads(CheckpointDocument, "not_found")
_LATEST_DOCUMENT["responses"][200]["content"] = {"text/plain": {"schema": {"type": "string"}}}


@router.get(
    "/checkpoints/latest",
    summary="The newest signed checkpoint; with Accept: text/plain the note alone",
    **_LATEST_DOCUMENT,
)
async def get_latest_checkpoint(
    services: CurrentServices,
    caller: CurrentCaller,
    accept: Annotated[str | None, Header(include_in_schema=False)] = None,
) -> Response:
    row = await _latest(services, caller.workspace_id)
    if (accept or "").partition(",")[0].partition(";")[0].strip().lower() == "text/plain":
        return PlainTextResponse(row["note"])
    return shown(projection.checkpoint_document(row))


@router.get(
    "/proofs/inclusion",
    summary="That an event is in the log; of the newest checkpoint, or of another size",
    **reads(InclusionDocument, "not_found", "log_damaged"),
)
async def get_inclusion_proof(
    services: CurrentServices,
    caller: CurrentCaller,
    position: Annotated[int | None, Query(ge=1, le=SIZE_MAX, description="the event's")] = None,
    event_id: Annotated[UUID | None, Query(description="instead of its position")] = None,
    size: Size = None,
) -> Response:
    if (position is None) == (event_id is None):
        raise _refused("?position", "give position or event_id, and not both")
    latest: int = (await _latest(services, caller.workspace_id))["size"]
    query = projection.EVENT_AT if event_id is None else projection.EVENT_BY_ID
    found = position or event_id
    event = await services.database.fetchrow(query, caller.workspace_id, found)
    if event is None:
        raise RefusedError(not_found("event", found))
    size = _sealed_size("?size", size, latest)
    if event["position"] > size:
        raise RefusedError(not_found(f"event {event['position']} in the tree of size", size))
    return shown(await _proven(projection.inclusion, services, caller.workspace_id, event, size))


@router.get(
    "/proofs/consistency",
    summary="That the log at one size is the beginning of the log at a later one",
    **reads(ConsistencyDocument, "not_found", "log_damaged"),
)
async def get_consistency_proof(
    services: CurrentServices,
    caller: CurrentCaller,
    from_: Annotated[int, Query(alias="from", ge=1, le=SIZE_MAX)],
    to: Annotated[Size, Query(description="the newest checkpoint's, if none is given")] = None,
) -> Response:
    latest: int = (await _latest(services, caller.workspace_id))["size"]
    second = _sealed_size("?to", to, latest)
    if from_ > second:
        raise _refused("?from", f"must not be larger than {second}")
    proof = await _proven(projection.consistency, services, caller.workspace_id, from_, second)
    return shown(proof)


@router.get(
    "/keys",
    summary="The keys that sign the checkpoints, from the first on",
    **reads(page_of("LogKey", LogKeyDocument), "cursor_invalid"),
)
async def list_log_keys(
    services: CurrentServices, caller: CurrentCaller, limit: Limit = 200, cursor: Cursor = None
) -> Response:
    after = _place(services, caller.workspace_id, _KEYS, cursor) or 0
    rows = await services.database.fetch(projection.KEYS, caller.workspace_id, after, limit + 1)
    items = [projection.key_document(row) for row in rows]
    return _page(services, caller.workspace_id, _KEYS, items, "number", limit)


@router.post(
    "/keys",
    summary="Ask for a new signing key (owners and admins); it stands at the next checkpoint",
    **writes(answer_of("log_key_rotation", RotationDocument), status=201),
)
async def request_rotation(
    services: CurrentServices, write: AdminWrite, command: decider.RequestRotation
) -> Response:
    action = Action(
        kind=LOG_KEY,
        identifier=write.caller.workspace_id,
        decide=lambda _state, _moment: decider.request_rotation(command),
        show=_shown_rotation,
        status=201,
        location=_KEYS,
        occurred_at=command.occurred_at,
    )
    return written(await services.writer.handle(write, action))


def _shown_rotation(rotations: Rotations) -> dict[str, Any]:
    asked = {"reason": rotations.reason, "requested_at": rotations.requested_at}
    return {"log_key_rotation": asked}


async def _latest(services: Services, workspace_id: UUID) -> asyncpg.Record:
    row = await services.database.fetchrow(projection.LATEST, workspace_id)
    if row is None:
        raise RefusedError(not_found("checkpoint", "yet: the log has not been sealed"))
    return row


def _sealed_size(parameter: str, asked: int | None, latest: int) -> int:
    if asked is not None and asked > latest:
        raise _refused(parameter, f"must not be larger than {latest}, which is sealed")
    return asked or latest


async def _proven(prove: Any, services: Services, *arguments: Any) -> dict[str, Any]:
    try:
        proof: dict[str, Any] = await prove(services.database, *arguments)
    except LogDamagedError as error:
        raise ProblemError("log_damaged", str(error)) from error
    return proof


def _refused(parameter: str, rule: str) -> ProblemError:
    error = FieldError(parameter, "invalid", rule)
    return ProblemError("validation_failed", "a parameter breaks a rule", errors=(error,))


def _place(services: Services, workspace_id: UUID, path: str, cursor: str | None) -> int | None:
    key = services.settings.secret_key_bytes
    place = read_cursor(key, workspace_id, {"list": path}, cursor)
    return int(place[0]) if place else None


def _page(
    services: Services,
    workspace_id: UUID,
    path: str,
    items: list[dict[str, Any]],
    order: str,
    limit: int,
) -> Response:
    """items: one more than the page where there is a next one, in the order of this member."""
    if len(items) <= limit:
        return listed(items)
    key = services.settings.secret_key_bytes
    here = [items[limit - 1][order]]
    return page_with_next(
        key, workspace_id, path, {"list": path}, items[:limit], here, {"limit": limit}
    )
