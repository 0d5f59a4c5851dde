"""Moves of a project over HTTP. An action is the creation of its record, past and unchangeable."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin_api.http.context import CurrentServices, Write
from genjin_api.http.documents import answer_of, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.projects import closing, decider
from genjin_api.projects.documents import ProjectDocument
from genjin_api.projects.projection import shown_project
from genjin_api.projects.writing import write_project
from genjin_api.risks.missed import missed_by
from genjin_api.stages import moves

router = APIRouter(prefix="/v1/projects/{project_id}", tags=["moves"], route_class=JsonRoute)

MoveAnswer = answer_of("project", ProjectDocument)


@router.post(
    "/stage-advances",
    summary="Advance to the next stage through the gate",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        "gate_closed",
        "skip_refused",
        "exit_closed",
        "at_final_stage",
        "reason_required",
        "override_not_allowed",
        "second_slot_refused",
        "blocker_not_waivable",
        "field_invalid",
        status=201,
    ),
)
async def advance(
    services: CurrentServices, write: Write, project_id: UUID, command: moves.AdvanceStage
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, moment: moves.advance(
            project, template, command, write.caller, moment
        ),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/stage-returns",
    summary="Return to an earlier stage, as a new visit",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        "return_refused",
        status=201,
    ),
)
async def return_to(
    services: CurrentServices, write: Write, project_id: UUID, command: moves.ReturnStage
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: moves.return_to(project, template, command, write.caller),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/suspensions",
    summary="Suspend a project",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        status=201,
    ),
)
async def suspend(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.SuspendProject
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.suspend(project, template, command, write.caller),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/resumptions",
    summary="Resume a suspended project",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_not_suspended",
        "project_closed",
        status=201,
    ),
)
async def resume(
    services: CurrentServices, write: Write, project_id: UUID, command: decider.ResumeProject
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.resume(project, template, command, write.caller),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/closings",
    summary="Close a project with its outcome",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_suspended",
        "project_closed",
        "not_at_final_gate",
        "outcome_not_possible",
        "gate_closed",
        "override_not_allowed",
        "second_slot_refused",
        "blocker_not_waivable",
        "reason_required",
        "field_invalid",
        status=201,
    ),
)
async def close(
    services: CurrentServices, write: Write, project_id: UUID, command: closing.CloseProject
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, moment: closing.close(
            project, template, command, write.caller, moment
        ),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )


@router.post(
    "/reopenings",
    summary="Reopen a closed project where it was closed, or in an earlier stage where it has been",
    **writes(
        MoveAnswer,
        "not_found",
        "role_not_allowed",
        "project_not_closed",
        "field_invalid",
        status=201,
    ),
)
async def reopen(
    services: CurrentServices, write: Write, project_id: UUID, command: closing.ReopenProject
) -> Response:
    missed = await missed_by(services, write.caller, project_id)
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: closing.reopen(
            project, template, command, write.caller, missed
        ),
        shown_project,
        status=201,
        occurred_at=command.occurred_at,
    )
