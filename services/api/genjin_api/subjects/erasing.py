"""Carries an erasure out: the key and the fact in one commit, then what is left of the sealed values in the projects.

From the first commit on nobody can read them. The rest clears away what can no longer be opened: states in memory, read
models and snapshots. Where it is cut off, the same request goes on with it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from genjin_api.acting import Decision, Moment
from genjin_api.action import Action, Answer, RefusedError, Request
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.refusal import not_found
from genjin_api.subjects.decider import EraseSubject, clear_forms, erase
from genjin_api.subjects.projection import DELETE_SNAPSHOTS, FORMS, SUBJECT
from genjin_api.subjects.state import ErasedSubject

FORMS_AT_ONCE = 100
BEGINNING = (UUID(int=0), "", 0)


async def erase_subject(
    services: Services,
    request: Request,
    subject_id: UUID,
    command: EraseSubject,
    show: Callable[[ErasedSubject], dict[str, Any]],
) -> Answer:
    """Refused with not_found for a subject of whom nothing was ever kept."""
    workspace_id = request.caller.workspace_id
    try:
        await services.subject_keys.destroyed_at(workspace_id, subject_id)
    except LookupError as error:
        raise RefusedError(not_found("subject", subject_id)) from error
    answer = await services.writer.handle(
        request,
        Action(
            kind=SUBJECT,
            identifier=subject_id,
            decide=lambda subject, _moment: erase(subject, command),
            show=show,
            status=201,
            location=f"/v1/subjects/{subject_id}",
            occurred_at=command.occurred_at,
        ),
    )
    # Its key may have come back with a backup since it was destroyed with the fact.
    await services.subject_keys.destroy(workspace_id, subject_id)
    await _clear_projects(services, request, subject_id)
    await services.database.execute(DELETE_SNAPSHOTS, workspace_id, str(subject_id))
    return answer


async def _clear_projects(services: Services, request: Request, subject_id: UUID) -> None:
    place = BEGINNING
    workspace_id = request.caller.workspace_id
    while rows := await services.database.fetch(
        FORMS, workspace_id, str(subject_id), *place, FORMS_AT_ONCE
    ):
        for project_id in sorted({row["project_id"] for row in rows}):
            await _clear_project(services, request, project_id, subject_id)
        place = rows[-1]["project_id"], rows[-1]["form"], rows[-1]["copy"]


async def _clear_project(
    services: Services, request: Request, project_id: UUID, subject_id: UUID
) -> None:
    def decide(project: Project | None, _moment: Moment) -> Decision:
        if project is None:
            raise AssertionError("a form's row has its project")
        return clear_forms(project, subject_id, request.caller)

    following = Request(
        request.caller, request.request_id, request.correlation_id, request.language
    )
    action = Action(kind=PROJECT, identifier=project_id, decide=decide, show=lambda _project: {})
    await services.writer.handle(following, action)
