"""Judgements over HTTP: the matrix, judging, taking back, asking again."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.http.answers import listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.stages import judging
from genjin_api.stages.answers import VisitAnswer, current_visit
from genjin_api.stages.gate.judgements import judges_of

router = APIRouter(
    prefix="/v1/projects/{project_id}/judgements", tags=["stages"], route_class=JsonRoute
)
reviews = APIRouter(
    prefix="/v1/projects/{project_id}/reviews", tags=["stages"], route_class=JsonRoute
)


class JudgementField(BaseModel):
    """One role's judgement of one visit; verdict null: not judged yet."""

    stage: str
    visit: int
    role: str
    verdict: str | None
    comment: str | None
    stale: bool | None
    person_name: str | None
    at: datetime | None


@router.get(
    "",
    summary="The judgement matrix: role by visit",
    **reads(page_of("JudgementField", JudgementField), "not_found", "point_in_future"),
)
async def get_judgements(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    template = await template_of(services, caller, project)
    fields = []
    for visit in project.course.visits.values():
        for role in judges_of(template, visit):
            given = visit.judgements.get(role)
            fields.append(
                {
                    "stage": visit.stage,
                    "visit": visit.number,
                    "role": role,
                    "verdict": given.verdict if given else None,
                    "comment": given.comment if given else None,
                    "stale": visit.is_stale(given) if given else None,
                    "person_name": given.person_name if given else None,
                    "at": given.at if given else None,
                }
            )
    return listed_then(fields, then) if then else listed(fields)


@router.post(
    "",
    summary="Judge the current stage (判断)",
    **writes(
        VisitAnswer,
        "not_found",
        "not_role_holder",
        "second_slot_refused",
        "project_suspended",
        "project_closed",
        "already_judged",
        "out_of_turn",
        "facts_changed",
        "comment_required",
        "field_invalid",
        status=201,
    ),
)
async def judge(
    services: CurrentServices, write: Write, project_id: UUID, command: judging.Judge
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: judging.judge(project, template, command, write.caller),
        current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{role}/withdrawals",
    summary="Take a judgement back",
    **writes(
        VisitAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        status=201,
    ),
)
async def withdraw_judgement(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    role: str,
    command: judging.WithdrawJudgement,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: judging.withdraw_judgement(
            project, role, command, write.caller
        ),
        current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )


@reviews.post(
    "",
    summary="Ask all judges of the stage again",
    **writes(
        VisitAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        status=201,
    ),
)
async def request_review(
    services: CurrentServices, write: Write, project_id: UUID, command: judging.RequestReview
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: judging.request_review(
            project, template, command, write.caller
        ),
        current_visit,
        status=201,
        occurred_at=command.occurred_at,
    )
