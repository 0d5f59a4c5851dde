"""What is known of the customer as the values of a new form, over HTTP."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.bindings import binding_of
from genjin_api.accounts.projection import ACCOUNT
from genjin_api.action import RefusedError, Request
from genjin_api.contacts.projection import OF_IDS
from genjin_api.contacts.reading import disclose_contacts
from genjin_api.http.answers import bodies, shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import unkept
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of
from genjin_api.refusal import not_found
from genjin_api.stakeholders.prefill import Known, Prefilled, prefilled
from genjin_api.stakeholders.reading import disclose_stakeholders, stakeholder_documents
from genjin_api.stakeholders.state import active

router = APIRouter(prefix="/v1/projects/{project_id}/forms", tags=["forms"], route_class=JsonRoute)


class PrefillDocument(BaseModel):
    """values and subjects as PUT …/forms/{form} takes them; both empty where nothing is known."""

    values: dict[str, Any]
    subjects: dict[str, list[str]]


@router.get(
    "/{form}/prefill",
    summary="What is known of the customer, as values of a form",
    **reads(PrefillDocument, "not_found"),
)
async def get_prefill(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    form: str,
    contact_id: UUID | None = None,
) -> Response:
    """contact_id: of a form about one person, which of the project's stakeholders."""
    project = await load_project(services, read.caller, project_id)
    template = await template_of(services, read.caller, project)
    if form not in template.forms:
        raise RefusedError(not_found("form", form))
    binding = binding_of(template, form)
    if binding is None:
        return unkept(shown(Prefilled({}, {})))
    known = await _known(services, read, project)
    chosen = str(contact_id) if contact_id else None
    return unkept(shown(prefilled(binding, known, chosen)))


async def _known(services: Services, read: Request, project: Project) -> Known:
    caller, people = read.caller, active(project.stakeholders)
    stakeholders = await disclose_stakeholders(
        services, read, project.id, project.version, stakeholder_documents(people)
    )
    ids = [one.id for one in people]
    rows = await services.database.fetch(OF_IDS, caller.workspace_id, ids)
    contacts = await disclose_contacts(services, read, bodies(rows))
    return Known(
        stakeholders,
        {one["id"]: one["values"] for one in contacts},
        await _account(services, read, project),
    )


async def _account(services: Services, read: Request, project: Project) -> dict[str, Any]:
    named = project.account.account_id if project.account else None
    if named is None:
        return {}
    account = await services.states.load(ACCOUNT, read.caller.workspace_id, named)
    return {"name": account.name, **account.details} if account else {}
