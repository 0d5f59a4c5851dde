"""Process templates over HTTP: which there are, where they come from, each version whole."""

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.canonical import plain_json
from genjin.templates.catalog import latest, shipped, shipped_hash, template
from genjin.templates.model import Template
from genjin.templates.words import Source, Text
from genjin_api.action import RefusedError
from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller
from genjin_api.http.documents import page_of, reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/templates", tags=["templates"], route_class=JsonRoute)


class TemplateSummary(BaseModel):
    """source says which document the process was taken from; null for a workspace's own."""

    key: str
    version: int
    title: Text
    source: Source | None
    stages: int
    forms: int
    body_hash: str


@router.get("", summary="Process templates", **reads(page_of("Template", TemplateSummary)))
async def list_templates(_caller: CurrentCaller) -> Response:
    return listed(
        TemplateSummary(
            key=known.key,
            version=known.version,
            title=known.title,
            source=known.source,
            stages=len(known.stages),
            forms=len(known.forms),
            body_hash=shipped_hash(known.key, known.version),
        )
        for known in shipped().values()
    )


@router.get("/{key}", summary="A template's newest version", **reads(Template, "not_found"))
async def get_template(_caller: CurrentCaller, key: str) -> Response:
    try:
        return _shown(latest(key))
    except KeyError as error:
        raise RefusedError(not_found("template", key)) from error


@router.get(
    "/{key}/versions/{version}",
    summary="One version of a template, which never changes",
    **reads(Template, "not_found"),
)
async def get_version(_caller: CurrentCaller, key: str, version: int) -> Response:
    try:
        return _shown(template(key, version))
    except KeyError as error:
        raise RefusedError(not_found("template", f"{key} version {version}")) from error


def _shown(known: Template) -> Response:
    return Response(
        plain_json(known),
        media_type="application/json",
        headers={"ETag": f'"{shipped_hash(known.key, known.version)[:32]}"'},
    )
