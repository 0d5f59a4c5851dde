"""A workspace's own templates over HTTP: draft, check, publish, retire (owners and admins)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Path
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.catalog import template_id
from genjin.templates.checking import checked
from genjin_api.acting import Decision, Moment
from genjin_api.action import Action, RefusedError
from genjin_api.action import Request as WriteRequest
from genjin_api.http.answers import shown, written
from genjin_api.http.context import AdminWrite, CurrentCaller, CurrentServices, Services
from genjin_api.http.documents import answer_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found
from genjin_api.templates import decider
from genjin_api.templates.projection import TEMPLATE
from genjin_api.templates.state import OwnTemplate

router = APIRouter(prefix="/v1/templates/{key}", tags=["templates"], route_class=JsonRoute)

TemplateKey = Annotated[str, Path(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=64)]


class MistakeDocument(BaseModel):
    """pointer is a JSON Pointer into the draft's body."""

    pointer: str
    rule: str


class DraftDocument(BaseModel):
    """A draft and what is wrong with it: at most 100 mistakes. version is the one that publishing would give it."""

    key: str
    version: int
    body: dict[str, Any]
    mistakes: list[MistakeDocument]
    saved_at: datetime
    author_id: UUID


class VersionDocument(BaseModel):
    version: int
    body_hash: str
    published_at: datetime
    publisher_id: UUID
    retired_at: datetime | None
    retirement_reason: str


class OwnTemplateDocument(BaseModel):
    """A workspace's own template: its versions, the oldest first, and whether a draft is open."""

    key: str
    versions: list[VersionDocument]
    draft: bool


DraftAnswer = answer_of("draft", DraftDocument)
OwnTemplateAnswer = answer_of("template", OwnTemplateDocument)


@router.get("/draft", summary="The draft of a template", **reads(DraftDocument, "not_found"))
async def get_draft(services: CurrentServices, caller: CurrentCaller, key: TemplateKey) -> Response:
    own = await services.library.own(caller.workspace_id, key)
    if own is None or own.draft is None:
        raise RefusedError(not_found("draft of template", key))
    return shown(_draft(own), own.version)


@router.put(
    "/draft",
    summary="Save the draft of a template, whole (owners, admins)",
    **writes(
        DraftAnswer,
        "not_found",
        "workspace_role_not_allowed",
        "template_key_reserved",
        "field_invalid",
    ),
)
async def save_draft(
    services: CurrentServices, write: AdminWrite, key: TemplateKey, command: decider.SaveDraft
) -> Response:
    def decide(template: OwnTemplate | None, _moment: Moment) -> Decision:
        return decider.save_draft(template, key, command)

    return await _write(services, write, key, decide, lambda own: {"draft": _draft(own)})


@router.post(
    "/versions",
    summary="Publish the draft as the next version (owners, admins)",
    **writes(
        OwnTemplateAnswer,
        "not_found",
        "workspace_role_not_allowed",
        "template_invalid",
        "too_many_versions",
        status=201,
    ),
)
async def publish(
    services: CurrentServices,
    write: AdminWrite,
    key: TemplateKey,
    _command: decider.PublishTemplate,
) -> Response:
    def decide(template: OwnTemplate | None, _moment: Moment) -> Decision:
        return decider.publish(template, key)

    return await _write(services, write, key, decide, _own, status=201)


@router.post(
    "/versions/{version}/retirements",
    summary="Let no new project begin with a version (owners, admins)",
    **writes(
        OwnTemplateAnswer,
        "not_found",
        "workspace_role_not_allowed",
        "template_retired",
        status=201,
    ),
)
async def retire(
    services: CurrentServices,
    write: AdminWrite,
    key: TemplateKey,
    version: int,
    command: decider.RetireTemplate,
) -> Response:
    def decide(template: OwnTemplate | None, _moment: Moment) -> Decision:
        return decider.retire(template, key, version, command)

    return await _write(services, write, key, decide, _own, status=201)


async def _write(
    services: Services,
    write: WriteRequest,
    key: str,
    decide: Any,
    show: Any,
    status: int = 200,
) -> Response:
    action: Action[OwnTemplate] = Action(
        kind=TEMPLATE,
        identifier=template_id(write.caller.workspace_id, key),
        decide=decide,
        show=show,
        status=status,
    )
    return written(await services.writer.handle(write, action))


def _draft(own: OwnTemplate) -> Mapping[str, Any]:
    assert own.draft is not None, "shown where there is one"
    _, mistakes = checked(decider.numbered(own))
    return {
        "key": own.key,
        "version": own.next_version,
        "body": own.draft.body,
        "mistakes": [{"pointer": one.pointer, "rule": one.rule} for one in mistakes],
        "saved_at": own.draft.saved_at,
        "author_id": own.draft.author_id,
    }


def _own(own: OwnTemplate) -> Mapping[str, Any]:
    return {
        "template": {
            "key": own.key,
            "versions": [
                {
                    "version": one.version,
                    "body_hash": one.body_hash,
                    "published_at": one.published_at,
                    "publisher_id": one.publisher_id,
                    "retired_at": one.retired_at,
                    "retirement_reason": one.retirement_reason,
                }
                for one in own.versions.values()
            ],
            "draft": own.draft is not None,
        }
    }
