"""A project's milestones over HTTP."""

from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.milestones import decider, projection
from genjin_api.milestones.state import Milestone
from genjin_api.past.answers import listed_then, one_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, one_of_project
from genjin_api.projects.writing import write_project

router = APIRouter(
    prefix="/v1/projects/{project_id}/milestones", tags=["milestones"], route_class=JsonRoute
)

MilestoneAnswer = answer_of("milestone", Milestone)


@router.get(
    "",
    summary="A project's milestones by due date",
    **reads(page_of("Milestone", Milestone), "not_found", "point_in_future"),
)
async def list_milestones(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Literal["open", "reached", "dropped"] | None = None,
) -> Response:
    if then:
        return listed_then(projection.listed_from(then.project.milestones, status), then)
    return await list_of_project(services, caller, project_id, projection.LIST, status)


@router.get(
    "/{milestone_id}",
    summary="One milestone",
    **reads(Milestone, "not_found", "point_in_future"),
)
async def get_milestone(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    milestone_id: UUID,
    then: Then,
) -> Response:
    if then:
        return one_then(then.project.milestones, "milestone", milestone_id, then)
    return await one_of_project(
        services, caller, project_id, projection.ONE, "milestone", milestone_id
    )


@router.post(
    "",
    summary="Set a milestone of the template, or one of the project's own",
    **writes(
        MilestoneAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "milestone_already_set",
        "limit_reached",
        status=201,
    ),
)
async def set_milestone(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.SetMilestone
) -> Response:
    milestone_id = new_id()
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.set_milestone(
            project, template, command, milestone_id, write.caller
        ),
        lambda project: {"milestone": project.milestones[str(milestone_id)]},
        status=201,
        location=f"/v1/projects/{project_id}/milestones/{milestone_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{milestone_id}/reschedulings",
    summary="Set another due date, with a reason",
    **writes(
        MilestoneAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "milestone_not_open",
        status=201,
    ),
)
async def reschedule_milestone(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    milestone_id: UUID,
    command: decider.RescheduleMilestone,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.reschedule(
            project, milestone_id, command, write.caller
        ),
        lambda project: {"milestone": project.milestones[str(milestone_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{milestone_id}/attainments",
    summary="Record that a milestone was reached",
    **writes(
        MilestoneAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "milestone_not_open",
        "field_invalid",
        status=201,
    ),
)
async def reach_milestone(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    milestone_id: UUID,
    command: decider.ReachMilestone,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: decider.reach(
            project, milestone_id, command, write.caller, moment
        ),
        lambda project: {"milestone": project.milestones[str(milestone_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{milestone_id}/cancellations",
    summary="Drop a milestone of the project's own",
    **writes(
        MilestoneAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "milestone_not_open",
        "milestone_of_template",
        status=201,
    ),
)
async def drop_milestone(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    milestone_id: UUID,
    command: decider.DropMilestone,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.drop(project, milestone_id, command, write.caller),
        lambda project: {"milestone": project.milestones[str(milestone_id)]},
        status=201,
        occurred_at=command.occurred_at,
    )
