"""Process templates over HTTP: which there are, where they come from, each version whole."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.canonical import plain_json
from genjin.templates.catalog import shipped, shipped_hash
from genjin.templates.model import Template
from genjin.templates.words import Source, Text
from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Services
from genjin_api.http.documents import page_of, reads
from genjin_api.http.problems import language_of
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found
from genjin_api.templates.form_view import in_language, ui_schema
from genjin_api.templates.library import NoTemplateError

router = APIRouter(prefix="/v1/templates", tags=["templates"], route_class=JsonRoute)
language = APIRouter(prefix="/v1/template-language", tags=["templates"], route_class=JsonRoute)


class TemplateSummary(BaseModel):
    """source says which document the process was taken from; null for a workspace's own. retired_at: since when no new
    project begins with it.
    """

    key: str
    version: int
    kind: str
    origin: Literal["shipped", "workspace"]
    title: Text
    source: Source | None
    stages: int
    forms: int
    body_hash: str
    retired_at: datetime | None


@router.get("", summary="Process templates", **reads(page_of("Template", TemplateSummary)))
async def list_templates(services: CurrentServices, caller: CurrentCaller) -> Response:
    found = [_summary(known, shipped_hash(*name)) for name, known in shipped().items()]
    async for own, published in services.library.all_own(caller.workspace_id):
        found.append(_summary(own, published.body_hash, "workspace", published.retired_at))
    return listed(found)


def _summary(
    template: Template,
    body_hash: str,
    origin: Literal["shipped", "workspace"] = "shipped",
    retired_at: datetime | None = None,
) -> TemplateSummary:
    return TemplateSummary(
        key=template.key,
        version=template.version,
        kind=template.kind,
        origin=origin,
        title=template.title,
        source=template.source,
        stages=len(template.stages),
        forms=len(template.forms),
        body_hash=body_hash,
        retired_at=retired_at,
    )


@router.get("/{key}", summary="A template's newest version", **reads(Template, "not_found"))
async def get_template(services: CurrentServices, caller: CurrentCaller, key: str) -> Response:
    try:
        found = await services.library.newest(caller.workspace_id, key)
    except NoTemplateError as error:
        raise RefusedError(not_found("template", key)) from error
    return await _shown(services, caller, found)


@router.get(
    "/{key}/versions/{version}",
    summary="One version of a template, which never changes",
    **reads(Template, "not_found"),
)
async def get_version(
    services: CurrentServices, caller: CurrentCaller, key: str, version: int
) -> Response:
    try:
        found = await services.library.version(caller.workspace_id, key, version)
    except NoTemplateError as error:
        raise RefusedError(not_found("template", f"{key} version {version}")) from error
    return await _shown(services, caller, found)


class FormView(BaseModel):
    """A form as renderers take it: json_schema in the reader's language, ui_schema as JSON Forms has it."""

    form: str
    title: str
    required: bool
    repeatable: bool
    each_visit: bool
    by: list[str]
    signed_by: list[str]
    json_schema: dict[str, object]
    ui_schema: dict[str, object]


@router.get(
    "/{key}/versions/{version}/forms/{form}",
    summary="A form of a template, ready for a form renderer",
    **reads(FormView, "not_found"),
)
async def get_form(
    request: Request,
    services: CurrentServices,
    caller: CurrentCaller,
    key: str,
    version: int,
    form: str,
) -> Response:
    try:
        found = await services.library.version(caller.workspace_id, key, version)
    except NoTemplateError as error:
        raise RefusedError(not_found("template", f"{key} version {version}")) from error
    spec = found.forms.get(form)
    if spec is None:
        raise RefusedError(not_found("form", form))
    language = language_of(request.headers.get("accept-language"))
    return shown(
        {
            "form": form,
            "title": spec.title.zh if language == "zh" else spec.title.en,
            "required": spec.required,
            "repeatable": spec.repeatable,
            "each_visit": spec.each_visit,
            "by": spec.by,
            "signed_by": spec.signed_by,
            "json_schema": in_language(spec.json_schema, language),
            "ui_schema": ui_schema(in_language(spec.json_schema, language)),
        }
    )


async def _shown(services: Services, caller: Caller, template: Template) -> Response:
    body_hash = await services.library.hash_of(caller.workspace_id, template)
    return Response(
        plain_json(template),
        media_type="application/json",
        headers={"ETag": f'"{body_hash[:32]}"'},
    )


class LanguageDocument(BaseModel):
    """schema is the JSON Schema (2020-12) of a template. What reaches across a template is checked beside it."""

    json_schema: dict[str, object]


@language.get("", summary="The language of templates, as a JSON Schema", **reads(LanguageDocument))
async def get_language(_caller: CurrentCaller) -> Response:
    return shown({"json_schema": Template.model_json_schema(by_alias=True)})
