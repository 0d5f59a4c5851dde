"""Contacts, the people of accounts, over HTTP."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response

from genjin.identifiers import new_id
from genjin_api.accounts.writing import refuse_unfit_account
from genjin_api.acting import Decision
from genjin_api.action import RefusedError, Request
from genjin_api.contacts import decider, projection
from genjin_api.contacts.documents import ContactDocument
from genjin_api.contacts.reading import (
    contact_document,
    disclose_answer,
    disclose_contacts,
    in_hands_of,
)
from genjin_api.contacts.state import Contact
from genjin_api.entities import create_entity, one_at, write_entity
from genjin_api.http.answers import bodies, shown, written
from genjin_api.http.context import CurrentServices, RecordedRead, Services, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.pages import after_id, page_by_id
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import unkept
from genjin_api.past.reading import AsOf
from genjin_api.refusal import Refusal, not_found

router = APIRouter(prefix="/v1/contacts", tags=["contacts"], route_class=JsonRoute)

ContactAnswer = answer_of("contact", ContactDocument)


@router.get(
    "",
    summary="Contacts; their details as far as you may see them",
    **reads(page_of("Contact", ContactDocument), "cursor_invalid"),
)
async def list_contacts(
    services: CurrentServices,
    read: RecordedRead,
    account_id: UUID | None = None,
    status: Literal["active", "archived"] | None = None,
    subject_id: UUID | None = None,
    limit: int = Query(50, ge=1, le=200),
    cursor: str | None = Query(None, max_length=1000),
) -> Response:
    key, workspace_id = services.settings.secret_key_bytes, read.caller.workspace_id
    filters = {
        "list": "contacts",
        "account_id": str(account_id) if account_id else None,
        "status": status,
        "subject_id": str(subject_id) if subject_id else None,
    }
    after = after_id(key, workspace_id, filters, cursor)
    asked = (after, account_id, status, subject_id, limit + 1)
    rows = await services.database.fetch(projection.LIST, workspace_id, *asked)
    documents = bodies(rows)
    items = await disclose_contacts(services, read, documents[:limit])
    more = [*items, *documents[limit:]]
    return unkept(page_by_id(key, workspace_id, "/v1/contacts", filters, more, limit))


@router.get(
    "/{contact_id}",
    summary="One contact",
    **reads(ContactDocument, "not_found", "point_in_future"),
)
async def get_contact(
    services: CurrentServices, read: RecordedRead, contact_id: UUID, as_of: AsOf = None
) -> Response:
    if as_of is not None:
        then = await one_at(services, read.caller, projection.CONTACT, contact_id, as_of)
        document = contact_document(then.state)
        [found] = await disclose_contacts(services, read, [document], past=True)
        return then.shown(found, then.state.version, personal=True)
    row = await services.database.fetchrow(projection.ONE, read.caller.workspace_id, contact_id)
    if row is None:
        raise RefusedError(not_found("contact", contact_id))
    [found] = await disclose_contacts(services, read, bodies([row]))
    return unkept(shown(found, row["version"]))


@router.post(
    "",
    summary="Create a contact of an account",
    **writes(
        ContactAnswer,
        "field_invalid",
        "account_archived",
        "subject_erased",
        "subject_key_missing",
        status=201,
    ),
)
async def create_contact(
    services: CurrentServices, write: Write, command: decider.CreateContact
) -> Response:
    contact_id = new_id()
    await refuse_unfit_account(services, write.caller, command.account_id)
    answer = await create_entity(
        services,
        write,
        projection.CONTACT,
        contact_id,
        lambda: decider.create(command, contact_id),
        path="/v1/contacts",
        occurred_at=command.occurred_at,
    )
    return unkept(written(await disclose_answer(services, write, answer, own=True)))


@router.patch(
    "/{contact_id}",
    summary="Change a contact (a merge patch)",
    **writes(
        ContactAnswer,
        "not_found",
        "role_not_allowed",
        "field_invalid",
        "contact_archived",
        "account_archived",
        "subject_erased",
        "subject_key_missing",
    ),
)
async def change_contact(
    services: CurrentServices, write: Write, contact_id: UUID, command: decider.ChangeContact
) -> Response:
    if command.account_id is not None:
        await refuse_unfit_account(services, write.caller, command.account_id)
    return await _write(
        services,
        write,
        contact_id,
        lambda contact: decider.change(contact, command),
        command.occurred_at,
    )


@router.post(
    "/{contact_id}/archivings",
    summary="Archive a contact: nothing new is done with it",
    **writes(ContactAnswer, "not_found", "role_not_allowed"),
)
async def archive_contact(
    services: CurrentServices, write: Write, contact_id: UUID, command: decider.ArchiveContact
) -> Response:
    return await _write(
        services,
        write,
        contact_id,
        lambda contact: decider.archive(contact, command),
        command.occurred_at,
    )


@router.post(
    "/{contact_id}/restorations",
    summary="Take a contact up again",
    **writes(ContactAnswer, "not_found", "role_not_allowed"),
)
async def restore_contact(
    services: CurrentServices, write: Write, contact_id: UUID, command: decider.RestoreContact
) -> Response:
    return await _write(
        services,
        write,
        contact_id,
        lambda contact: decider.restore(contact, command),
        command.occurred_at,
    )


async def _write(
    services: Services,
    write: Request,
    contact_id: UUID,
    decide: Callable[[Contact], Decision],
    occurred_at: datetime | None,
    *,
    status: int = 200,
) -> Response:
    """Whose hands a contact is not in does not change it either."""
    may = contact_id in await in_hands_of(services, write.caller, [contact_id])

    def decide_on(contact: Contact) -> Decision:
        if not may:
            rule = "only who works with the contact in a project, or made it before one had it, may do this"
            return Refusal("role_not_allowed", rule)
        return decide(contact)

    answer = await write_entity(
        services,
        write,
        projection.CONTACT,
        contact_id,
        decide_on,
        lambda contact: contact.created_at,
        status=status,
        occurred_at=occurred_at,
    )
    return unkept(written(await disclose_answer(services, write, answer)))
