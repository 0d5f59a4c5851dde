"""A project's documents over HTTP."""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.documents import decider, projection
from genjin_api.documents.state import Document
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, one_of_project
from genjin_api.projects.writing import write_project

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["documents"], route_class=JsonRoute)

DocumentAnswer = answer_of("document", Document)

Kind = Annotated[str | None, Query(max_length=64, description="a key of the template's documents")]


@router.get(
    "/documents",
    summary="A project's documents, those that were withdrawn too",
    **reads(page_of("Document", Document), "not_found", "point_in_future"),
)
async def list_documents(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["attached", "withdrawn"] | None = None,
    document: Kind = None,
) -> Response:
    if then:
        return listed_then(projection.list_from(then.project.documents, status, document), then)
    return await list_of_project(services, caller, project_id, projection.LIST, status, document)


@router.get(
    "/documents/{document_id}",
    summary="One document",
    **reads(Document, "not_found", "point_in_future"),
)
async def get_document(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    document_id: UUID,
    then: Then,
) -> Response:
    if then:
        return one_then(then.project.documents, "document", document_id, then)
    return await one_of_project(
        services, caller, project_id, projection.ONE, "document", document_id
    )


@router.post(
    "/documents",
    summary="Attach a file that was uploaded",
    **writes(
        DocumentAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "file_unknown",
        "too_many_documents",
        status=201,
    ),
)
async def attach_document(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.AttachDocument
) -> Response:
    document_id = new_id()
    file = await services.files.find(write.caller.workspace_id, command.sha256)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.attach(
            project, template, command, document_id, file, write.caller
        ),
        lambda project: {"document": project.documents[str(document_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/documents/{document_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/documents/{document_id}/withdrawals",
    summary="Withdraw a document: it counts no longer, and can still be read",
    **writes(
        DocumentAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "document_withdrawn",
        status=201,
    ),
)
async def withdraw_document(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    document_id: UUID,
    command: decider.WithdrawDocument,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.withdraw(
            project, template, document_id, command, write.caller
        ),
        lambda project: {"document": project.documents[str(document_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )
