"""Carries an erasure out: the key and the fact in one commit, then what is left of the sealed values in the projects.

From the first commit on nobody can read them. The rest clears away what can no longer be opened: states in memory, read
models and snapshots. Where it is cut off, the same request goes on with it.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from genjin_api.acting import Decision, Moment
from genjin_api.action import Action, Answer, RefusedError, Request
from genjin_api.contacts.decider import clear
from genjin_api.contacts.projection import CONTACT, OF_SUBJECT
from genjin_api.contacts.state import Contact
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.refusal import not_found
from genjin_api.stakeholders.projection import PROJECTS_OF_SUBJECT
from genjin_api.subjects.decider import EraseSubject, clear_subject, erase
from genjin_api.subjects.projection import DELETE_SNAPSHOTS, FORMS, SNAPSHOT_STREAMS, SUBJECT
from genjin_api.subjects.state import ErasedSubject

FORMS_AT_ONCE = 100
CONTACTS_AT_ONCE = 100
STREAMS_AT_ONCE = 50
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
    if not await services.subject_keys.is_known(workspace_id, subject_id):
        raise RefusedError(not_found("subject", subject_id))
    answer = await services.writer.handle(
        request,
        Action(
            kind=SUBJECT,
            identifier=subject_id,
            decide=lambda subject, _moment: erase(subject, command),
            show=show,
            status=201,
            location=f"/v1/subjects/{subject_id}",
        ),
    )
    # Its key may have come back with a backup since it was destroyed with the fact.
    await services.subject_keys.destroy(workspace_id, subject_id)
    await _clear_projects(services, request, subject_id)
    await _clear_stakeholders(services, request, subject_id)
    await _clear_contacts(services, request, subject_id)
    await _delete_snapshots(services, workspace_id, subject_id)
    await services.subject_keys.forget_destroyed()
    return answer


async def _delete_snapshots(services: Services, workspace_id: UUID, subject_id: UUID) -> None:
    stream = ""
    while rows := await services.database.fetch(
        SNAPSHOT_STREAMS, workspace_id, stream, STREAMS_AT_ONCE
    ):
        streams = [row["stream"] for row in rows]
        await services.database.execute(DELETE_SNAPSHOTS, workspace_id, str(subject_id), streams)
        stream = streams[-1]


async def _clear_projects(services: Services, request: Request, subject_id: UUID) -> None:
    place = BEGINNING
    workspace_id = request.caller.workspace_id
    while rows := await services.database.fetch(
        FORMS, workspace_id, str(subject_id), *place, FORMS_AT_ONCE
    ):
        for project_id in sorted({row["project_id"] for row in rows}):
            await clear_project(services, request, project_id, subject_id)
        place = rows[-1]["project_id"], rows[-1]["form"], rows[-1]["copy"]


async def clear_project(
    services: Services, request: Request, project_id: UUID, subject_id: UUID
) -> None:
    """Empty what one project holds of an erased subject, and record it there."""

    def decide(project: Project | None, _moment: Moment) -> Decision:
        if project is None:
            raise AssertionError("a row has its project")
        return clear_subject(project, subject_id, request.caller)

    action = Action(kind=PROJECT, identifier=project_id, decide=decide, show=lambda _project: {})
    await services.writer.handle(_following(request), action)


async def _clear_stakeholders(services: Services, request: Request, subject_id: UUID) -> None:
    workspace_id, after = request.caller.workspace_id, UUID(int=0)
    while rows := await services.database.fetch(
        PROJECTS_OF_SUBJECT, workspace_id, subject_id, after, FORMS_AT_ONCE
    ):
        for row in rows:
            await clear_project(services, request, row["project_id"], subject_id)
        after = rows[-1]["project_id"]


async def _clear_contacts(services: Services, request: Request, subject_id: UUID) -> None:
    workspace_id, after = request.caller.workspace_id, None
    while rows := await services.database.fetch(
        OF_SUBJECT, workspace_id, subject_id, after, CONTACTS_AT_ONCE
    ):
        for row in rows:
            await clear_contact(services, request, row["id"], subject_id)
        after = rows[-1]["id"]


async def clear_contact(
    services: Services, request: Request, contact_id: UUID, subject_id: UUID
) -> None:
    """Empty what a contact holds of an erased subject, and record it there."""

    def decide(contact: Contact | None, _moment: Moment) -> Decision:
        if contact is None:
            raise AssertionError("a row has its contact")
        return clear(contact, subject_id)

    action = Action(kind=CONTACT, identifier=contact_id, decide=decide, show=lambda _contact: {})
    await services.writer.handle(_following(request), action)


def _following(request: Request) -> Request:
    """What comes of a request besides its own answer: under its ids, without its If-Match and its key."""
    return Request(request.caller, request.request_id, request.correlation_id, request.language)
