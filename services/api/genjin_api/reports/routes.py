"""Reports on the portfolio over HTTP, now or as it was: the board by stage, the pipeline's value."""

from collections.abc import Sequence

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.words import Text
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.reports.groups import Group, running_projects
from genjin_api.reports.pipeline import board, pipeline
from genjin_api.reports.question import LIMIT, Limit, StandingQuestion, first_of
from genjin_api.reports.stages import StageKey

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=JsonRoute)


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
    columns_left_out: int


class PipelineDocument(BaseModel):
    worth: list[Worth]


@router.get(
    "/board",
    summary="Running projects by stage",
    **reads(BoardDocument, "point_in_future"),
)
async def get_board(question: StandingQuestion, limit: Limit = LIMIT) -> Response:
    groups = await _groups(question)
    stages = await question.stages(_versions(groups))
    found = board(
        groups,
        lambda group: stages.stage(_key(group)),
        lambda group: stages.place(_key(group))[2],
    )
    return question.answer(first_of("columns", found, limit))


@router.get(
    "/pipeline",
    summary="The value of the running projects, weighted by the probability of their stages",
    **reads(PipelineDocument, "point_in_future"),
)
async def get_pipeline(question: StandingQuestion) -> Response:
    groups = await _groups(question)
    stages = await question.stages(_versions(groups))
    return question.answer({"worth": pipeline(groups, lambda group: stages.stage(_key(group)))})


async def _groups(question: StandingQuestion) -> Sequence[Group]:
    return await running_projects(
        question.services.database, question.caller.workspace_id, question.asked
    )


def _versions(groups: Sequence[Group]) -> set[tuple[str, int]]:
    return {(group.template_key, group.template_version) for group in groups}


def _key(group: Group) -> StageKey:
    return StageKey(group.template_key, group.template_version, group.stage)
