"""Data subjects over HTTP: where a person's data stands, and its erasure."""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.http.answers import listed, shown, written
from genjin_api.http.context import (
    AdminWrite,
    CurrentCaller,
    CurrentServices,
    Services,
    refuse_member,
)
from genjin_api.http.cursors import read_cursor
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import page_with_next
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found
from genjin_api.subjects import erasing
from genjin_api.subjects.decider import EraseSubject
from genjin_api.subjects.out_of_reach import OutOfReach, out_of_reach
from genjin_api.subjects.projection import FORMS, ONE
from genjin_api.subjects.state import ErasedSubject

router = APIRouter(prefix="/v1/subjects/{subject_id}", tags=["subjects"], route_class=JsonRoute)


class SubjectDocument(BaseModel):
    """A person of whom forms hold personal data. erased_at null: the data can be read."""

    id: UUID
    erased_at: datetime | None
    erased_by: UUID | None
    reason: str | None


class SubjectFormDocument(BaseModel):
    """A form that holds data of the subject in its newest revision; places are JSON Pointers into its values."""

    project_id: UUID
    form: str
    copy_number: int
    places: list[str]


class ErasureAnswer(answer_of("subject", SubjectDocument)):  # type: ignore[misc]  # a model made at run time
    """not_erased is what the erasure did not reach, for it cannot be reached."""

    not_erased: OutOfReach


@router.get(
    "",
    summary="A person of whom forms hold personal data (owners, admins, auditors)",
    **reads(SubjectDocument, "not_found", "workspace_role_not_allowed"),
)
async def get_subject(
    services: CurrentServices, caller: CurrentCaller, subject_id: UUID
) -> Response:
    await _refuse_unknown(services, caller, subject_id)
    row = await services.database.fetchrow(ONE, caller.workspace_id, subject_id)
    if row is None:
        return shown(_document(subject_id, None))
    return shown(_document(subject_id, ErasedSubject(**row)), row["version"])


@router.get(
    "/forms",
    summary="Where a person's data stands (owners, admins, auditors)",
    **reads(
        page_of("SubjectForm", SubjectFormDocument),
        "not_found",
        "workspace_role_not_allowed",
        "cursor_invalid",
    ),
)
async def list_forms(
    services: CurrentServices,
    caller: CurrentCaller,
    subject_id: UUID,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    await _refuse_unknown(services, caller, subject_id)
    key, workspace_id = services.settings.secret_key_bytes, caller.workspace_id
    filters = {"list": "subject-forms", "subject": str(subject_id)}
    place = read_cursor(key, workspace_id, filters, cursor)
    after = (UUID(place[0]), *place[1:]) if place else erasing.BEGINNING
    rows = await services.database.fetch(FORMS, workspace_id, str(subject_id), *after, limit + 1)
    items = [_form(row) for row in rows[:limit]]
    if len(rows) <= limit:
        return listed(items)
    last = rows[limit - 1]
    here = [str(last["project_id"]), last["form"], last["copy"]]
    path = f"/v1/subjects/{subject_id}/forms"
    return page_with_next(key, workspace_id, path, filters, items, here, {"limit": limit})


@router.post(
    "/erasures",
    summary="Erase a person's data for good (owners and admins)",
    **writes(ErasureAnswer, "not_found", status=201),
)
async def erase_subject(
    services: CurrentServices, write: AdminWrite, subject_id: UUID, command: EraseSubject
) -> Response:
    """What was sealed of the person can be read by nobody any more. What was never sealed stays: not_erased says it."""
    await _refuse_unknown(services, write.caller, subject_id)
    not_erased = await out_of_reach(services.database, write.caller.workspace_id)

    def show(subject: ErasedSubject) -> dict[str, Any]:
        return {"subject": _document(subject_id, subject), "not_erased": not_erased}

    return written(await erasing.erase_subject(services, write, subject_id, command, show))


async def _refuse_unknown(services: Services, caller: Caller, subject_id: UUID) -> None:
    refuse_member(caller, "owners, admins and auditors see whose data is kept")
    if not await services.subject_keys.is_known(caller.workspace_id, subject_id):
        raise RefusedError(not_found("subject", subject_id))


def _document(subject_id: UUID, erased: ErasedSubject | None) -> dict[str, Any]:
    return {
        "id": subject_id,
        "erased_at": erased.erased_at if erased else None,
        "erased_by": erased.erased_by if erased else None,
        "reason": erased.reason if erased else None,
    }


def _form(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "project_id": row["project_id"],
        "form": row["form"],
        "copy_number": row["copy"],
        "places": orjson.loads(row["places"]),
    }
