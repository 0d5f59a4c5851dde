"""Files over HTTP: bytes in, by a project's people, and bytes out, as one of its documents."""

from collections.abc import AsyncGenerator
from uuid import UUID

import orjson
from fastapi import APIRouter
from fastapi import Request as HttpRequest
from fastapi.responses import Response
from pydantic import BaseModel, Field

from genjin.canonical import plain_json
from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.documents import projection
from genjin_api.documents.file_store import FileDamagedError
from genjin_api.documents.naming import SHA256, disposition
from genjin_api.documents.uploads import media_type_of, read_file, uploads
from genjin_api.http.answers import JSON
from genjin_api.http.context import CurrentCaller, CurrentServices, Services, refuse_auditor
from genjin_api.http.documents import streams
from genjin_api.http.problems import ProblemError
from genjin_api.http.reading_body import JsonRoute
from genjin_api.http.streams import StreamedResponse
from genjin_api.projects.access import refuse_if_closed, refuse_outsider
from genjin_api.projects.reading import load_project
from genjin_api.refusal import not_found

CHUNK_BYTES = 64 * 1024
ANY = "*/*"

# A browser saves a file and never runs or shows it, whatever it is; it may keep it, and asks whether it is still there.
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": "private, no-cache",
    "Vary": "Authorization",
}

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["documents"], route_class=JsonRoute)


class FileDocument(BaseModel):
    """A file that is kept. size is in bytes."""

    sha256: str = Field(pattern=SHA256)
    size: int
    media_type: str


class FileAnswer(BaseModel):
    file: FileDocument


@router.post(
    "/files",
    summary="Upload a file, to attach it afterwards",
    **uploads(FileAnswer, "not_found", "role_not_allowed", "project_closed", "too_many_streams"),
)
async def upload_file(
    request: HttpRequest, services: CurrentServices, caller: CurrentCaller, project_id: UUID
) -> Response:
    await _refuse_upload(services, caller, project_id)
    media_type = media_type_of(request)
    with services.files.transfers.place(caller):
        content = await read_file(request, services.settings.file_bytes_max)
        file = await services.files.keep(caller.workspace_id, content, media_type)
    return Response(plain_json({"file": file}), 201, media_type=JSON)


async def _refuse_upload(services: Services, caller: Caller, project_id: UUID) -> None:
    """Before a byte is read: only who may attach the file may bring it."""
    refuse_auditor(caller)
    project = await load_project(services, caller, project_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        raise RefusedError(refusal)


@router.get(
    "/documents/{document_id}/content",
    summary="A document's file",
    **streams(
        ANY,
        "The bytes, of the document's media type; ETag is their SHA-256.",
        "not_found",
        "file_gone",
        "file_damaged",
        "too_many_streams",
    ),
)
async def get_content(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, document_id: UUID
) -> Response:
    """Of a document that was withdrawn too."""
    row = await services.database.fetchrow(
        projection.ONE, caller.workspace_id, project_id, document_id
    )
    if row is None:
        raise RefusedError(not_found("document", document_id))
    document = orjson.loads(row["body"])
    content = await _content(services, caller, document["sha256"], document["size"])
    response = StreamedResponse(
        services.files.transfers,
        caller,
        _chunks(content),
        media_type=document["media_type"],
        headers={
            **HEADERS,
            "Content-Type": document["media_type"],  # as it is, with no charset put to it
            "ETag": f'"{document["sha256"]}"',
            "Content-Disposition": disposition(document["file_name"]),
        },
        stall_seconds=services.settings.stream_stall_seconds,
    )
    response.headers["Content-Length"] = str(len(content))
    return response


async def _content(services: Services, caller: Caller, sha256: str, size: int) -> bytes:
    try:
        content = await services.files.read(caller.workspace_id, sha256, size)
    except FileDamagedError as error:
        raise ProblemError("file_damaged", f"what is kept as {sha256} is another file") from error
    if content is None:
        raise ProblemError("file_gone", f"the file {sha256} is not kept in this installation")
    return content


async def _chunks(content: bytes) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(content), CHUNK_BYTES):
        yield content[start : start + CHUNK_BYTES]
