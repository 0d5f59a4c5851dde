"""Reports on the portfolio over HTTP, now or as it was: the board by stage, the pipeline's value."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.model import Stage, Template
from genjin.templates.words import Text
from genjin_api.acting import Caller
from genjin_api.http.answers import shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Services
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import kept
from genjin_api.past.points import TEXT_MAX, TIME_OR_DAY
from genjin_api.past.reading import Place
from genjin_api.projects.past_list import place_of_list
from genjin_api.reports.groups import Asked, Group, running_projects
from genjin_api.reports.pipeline import board, pipeline

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=JsonRoute)

_AS_OF = f"the report at a position in the log (@1234), {TIME_OR_DAY}"


class LeftOut(BaseModel):
    """What the sums do not hold: projects without an amount, and the weighted one also those in a stage without a
    probability, with their amount.
    """

    without_amount: int
    without_probability: int
    amount_without_probability: str


class Worth(BaseModel):
    """Of one currency; null: the projects name none. weighted_amount: amounts times the probability of their stage."""

    currency: str | None
    projects: int
    amount: str
    weighted_amount: str
    left_out: LeftOut


class BoardColumn(BaseModel):
    """A stage of a template with the running projects in it; title null: no known version has the stage any more."""

    template: str
    stage: str
    title: Text | None
    open: int
    suspended: int
    worth: list[Worth]


class BoardDocument(BaseModel):
    columns: list[BoardColumn]


class PipelineDocument(BaseModel):
    worth: list[Worth]


@router.get(
    "/board",
    summary="Running projects by stage",
    **reads(BoardDocument, "point_in_future"),
)
async def get_board(
    services: CurrentServices,
    caller: CurrentCaller,
    template: str | None = Query(None, max_length=64),
    department: str | None = Query(None, max_length=200),
    region: str | None = Query(None, max_length=200),
    as_of: str | None = Query(None, max_length=TEXT_MAX, description=_AS_OF),
) -> Response:
    place = await place_of_list(services, caller, as_of)
    asked = Asked(template, department, region)
    groups, templates = await _groups(services, caller, asked, place)
    found = board(
        groups, lambda group: _stage(templates, group), lambda group: _place(templates, group)
    )
    response = shown({"columns": found})
    return kept(response, place.position, lasting=place.lasting) if place else response


@router.get(
    "/pipeline",
    summary="The value of the running projects, weighted by the probability of their stages",
    **reads(PipelineDocument, "point_in_future"),
)
async def get_pipeline(
    services: CurrentServices,
    caller: CurrentCaller,
    template: str | None = Query(None, max_length=64),
    department: str | None = Query(None, max_length=200),
    region: str | None = Query(None, max_length=200),
    as_of: str | None = Query(None, max_length=TEXT_MAX, description=_AS_OF),
) -> Response:
    place = await place_of_list(services, caller, as_of)
    asked = Asked(template, department, region)
    groups, templates = await _groups(services, caller, asked, place)
    response = shown({"worth": pipeline(groups, lambda group: _stage(templates, group))})
    return kept(response, place.position, lasting=place.lasting) if place else response


Templates = dict[tuple[str, int], Template]


async def _groups(
    services: Services, caller: Caller, asked: Asked, place: Place | None
) -> tuple[Sequence[Group], Templates]:
    position = place.position if place else None
    groups = await running_projects(services.database, caller.workspace_id, asked, position)
    return groups, await _templates(services, caller, groups)


async def _templates(services: Services, caller: Caller, groups: Sequence[Group]) -> Templates:
    workspace_id: UUID = caller.workspace_id
    named = {(group.template_key, group.template_version) for group in groups}
    return {name: await services.library.version(workspace_id, *name) for name in named}


def _stage(templates: Templates, group: Group) -> Stage | None:
    template = templates[group.template_key, group.template_version]
    return next((stage for stage in template.stages if stage.key == group.stage), None)


def _place(templates: Templates, group: Group) -> int:
    template = templates[group.template_key, group.template_version]
    keys = [stage.key for stage in template.stages]
    return keys.index(group.stage) if group.stage in keys else len(keys)
