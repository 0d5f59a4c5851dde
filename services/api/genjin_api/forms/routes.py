"""Attached forms over HTTP."""

from collections.abc import Iterable
from functools import partial
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin_api.action import RefusedError, Request
from genjin_api.forms import decider, projection
from genjin_api.forms.disclosure import ShownForm
from genjin_api.forms.reading import disclose, disclose_answer, disclose_past_forms
from genjin_api.forms.state import FormRecord, form_key
from genjin_api.http.answers import bodies, listed
from genjin_api.http.context import CurrentServices, RecordedRead, Services, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, unkept
from genjin_api.past.reading import Past, Then
from genjin_api.projects.reading import load_project, project_version
from genjin_api.projects.writing import template_of, write_project
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/projects/{project_id}/forms", tags=["forms"], route_class=JsonRoute)

FormAnswer = answer_of("form", ShownForm)
FormPage = page_of("Form", ShownForm)


@router.get(
    "",
    summary="A project's filled forms",
    **reads(FormPage, "not_found", "point_in_future"),
)
async def list_forms(
    services: CurrentServices, read: RecordedRead, project_id: UUID, then: Then
) -> Response:
    if then:
        return await _forms_then(services, read, then, projection.listed_from(then.project.forms))
    return await _forms_now(services, read, project_id, projection.LIST)


@router.get(
    "/{form}",
    summary="A form's copies; the schema stands in the template",
    **reads(FormPage, "not_found", "point_in_future"),
)
async def get_form(
    services: CurrentServices, read: RecordedRead, project_id: UUID, form: str, then: Then
) -> Response:
    project = then.project if then else await load_project(services, read.caller, project_id)
    if form not in (await template_of(services, read.caller, project)).forms:
        raise RefusedError(not_found("form", form))
    if then:
        found = projection.listed_from(project.forms, form)
        return await _forms_then(services, read, then, found)
    return await _forms_now(services, read, project_id, projection.COPIES, form)


async def _forms_now(
    services: Services, read: Request, project_id: UUID, query: str, *arguments: str
) -> Response:
    caller = read.caller
    version = await project_version(services, caller, project_id)
    rows = await services.database.fetch(query, caller.workspace_id, project_id, *arguments)
    documents = bodies(rows)
    response = listed(await disclose(services, read, project_id, version, documents))
    if any(document["restricted"] for document in documents):
        return unkept(response)
    return response


async def _forms_then(
    services: Services, read: Request, then: Past, records: Iterable[FormRecord]
) -> Response:
    found = list(records)
    shown = await disclose_past_forms(services, read, then.project, found)
    return listed_then(shown, then, personal=any(record.restricted for record in found))


@router.put(
    "/{form}",
    summary="Save a form: a draft, complete values, or a revision of what was complete",
    **writes(
        FormAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "form_not_repeatable",
        "form_invalid",
        "field_invalid",
        "reason_required",
        "subject_erased",
        "subject_key_missing",
    ),
)
async def save_form(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    form: str,
    command: decider.SaveForm,
) -> Response:
    response = await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.save(project, template, form, command, write.caller),
        lambda project: {"form": project.forms[form_key(form, command.copy_number)]},
        occurred_at=command.occurred_at,
        finish=partial(disclose_answer, services, write, project_id, own=True),
    )
    return unkept(response)


@router.post(
    "/{form}/signatures",
    summary="Sign the revision of a form",
    **writes(
        FormAnswer,
        "not_found",
        "not_role_holder",
        "self_signature",
        "project_closed",
        "form_not_complete",
        "form_already_signed",
        "facts_changed",
        "field_invalid",
        status=201,
    ),
)
async def sign_form(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    form: str,
    command: decider.SignForm,
) -> Response:
    response = await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.sign(project, template, form, command, write.caller),
        lambda project: {"form": project.forms[form_key(form, command.copy_number)]},
        status=201,
        occurred_at=command.occurred_at,
        finish=partial(disclose_answer, services, write, project_id, own=False),
    )
    return unkept(response)
