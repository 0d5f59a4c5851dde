"""A project's goals over HTTP."""

from typing import Any, Literal
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.action import RefusedError
from genjin_api.goals import decider
from genjin_api.goals.projection import GoalDocument, shown_goal
from genjin_api.http.answers import listed, shown
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, shown_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import write_project
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/projects/{project_id}/goals", tags=["goals"], route_class=JsonRoute)

GoalAnswer = answer_of("goal", GoalDocument)

Status = Literal["open", "achieved", "abandoned"]


@router.get(
    "",
    summary="A project's goals, the oldest first, each with where it stands",
    **reads(page_of("Goal", GoalDocument), "not_found", "point_in_future"),
)
async def list_goals(
    services: CurrentServices,
    caller: CurrentCaller,
    project_id: UUID,
    then: Then,
    status: Status | None = None,
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    goals = [
        shown_goal(project, goal)
        for goal in project.goals.values()
        if status in (None, goal.status)
    ]
    return listed_then(goals, then) if then else listed(goals)


@router.get("/{goal_id}", summary="One goal", **reads(GoalDocument, "not_found", "point_in_future"))
async def get_goal(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, goal_id: UUID, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    if str(goal_id) not in project.goals:
        raise RefusedError(not_found("goal", goal_id))
    goal = shown_goal(project, project.goals[str(goal_id)])
    return shown_then(goal, then) if then else shown(goal)


@router.post(
    "",
    summary="Set a goal",
    **writes(
        GoalAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "field_invalid",
        "limit_reached",
        status=201,
    ),
)
async def set_goal(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.SetGoal
) -> Response:
    goal_id = new_id()
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.set_goal(
            project, template, command, goal_id, write.caller
        ),
        lambda project: _shown(project, goal_id),
        status=201,
        location=f"/v1/projects/{project_id}/goals/{goal_id}",
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{goal_id}/adjustments",
    summary="Adjust a goal's target and due date to what has changed",
    **writes(
        GoalAnswer, "not_found", "role_not_allowed", "project_closed", "goal_ended", status=201
    ),
)
async def adjust_goal(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    goal_id: UUID,
    command: decider.AdjustGoal,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.adjust(project, goal_id, command, write.caller),
        lambda project: _shown(project, goal_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{goal_id}/progress",
    summary="Record progress of a goal that no metric measures",
    **writes(
        GoalAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "goal_ended",
        "goal_measured_by_metric",
        "field_invalid",
        status=201,
    ),
)
async def record_progress(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    goal_id: UUID,
    command: decider.RecordProgress,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, moment: decider.record_progress(
            project, goal_id, command, write.caller, moment
        ),
        lambda project: _shown(project, goal_id),
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{goal_id}/endings",
    summary="End a goal as achieved or abandoned, with a reason",
    **writes(
        GoalAnswer, "not_found", "role_not_allowed", "project_closed", "goal_ended", status=201
    ),
)
async def end_goal(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    goal_id: UUID,
    command: decider.EndGoal,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, _template, _: decider.end(project, goal_id, command, write.caller),
        lambda project: _shown(project, goal_id),
        status=201,
        occurred_at=command.occurred_at,
    )


def _shown(project: Project, goal_id: UUID) -> dict[str, Any]:
    return {"goal": shown_goal(project, project.goals[str(goal_id)])}
