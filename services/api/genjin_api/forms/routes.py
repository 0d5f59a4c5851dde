"""Attached forms over HTTP."""

from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from genjin_api.forms import decider, projection
from genjin_api.forms.state import FormRecord, form_key
from genjin_api.handle import RefusedError
from genjin_api.http.answers import bodies, listed
from genjin_api.http.context import CurrentCaller, CurrentServices, Write
from genjin_api.http.documents import answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then
from genjin_api.past.reading import Then
from genjin_api.projects.reading import list_of_project, load_project, rows_of_project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.refusal import not_found

router = APIRouter(prefix="/v1/projects/{project_id}/forms", tags=["forms"], route_class=JsonRoute)

FormAnswer = answer_of("form", FormRecord)


@router.get(
    "",
    summary="A project's filled forms",
    **reads(page_of("Form", FormRecord), "not_found", "point_in_future"),
)
async def list_forms(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, then: Then
) -> Response:
    if then:
        return listed_then(projection.listed_from(then.project.forms), then)
    return await list_of_project(services, caller, project_id, projection.LIST)


@router.get(
    "/{form}",
    summary="A form's copies; the schema stands in the template",
    **reads(page_of("Form", FormRecord), "not_found", "point_in_future"),
)
async def get_form(
    services: CurrentServices, caller: CurrentCaller, project_id: UUID, form: str, then: Then
) -> Response:
    project = then.project if then else await load_project(services, caller, project_id)
    if form not in template_of(project).forms:
        raise RefusedError(not_found("form", form))
    if then:
        return listed_then(projection.listed_from(project.forms, form), then)
    return listed(
        bodies(await rows_of_project(services, caller, project_id, projection.COPIES, form))
    )


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
    ),
)
async def save_form(
    services: CurrentServices,
    write: Write,
    project_id: UUID,
    form: str,
    command: decider.SaveForm,
) -> Response:
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.save(project, template, form, command, write.caller),
        lambda project: {"form": project.forms[form_key(form, command.copy_number)]},
        occurred_at=command.occurred_at,
    )


@router.post(
    "/{form}/signatures",
    summary="Sign the revision of a form",
    **writes(
        FormAnswer,
        "not_found",
        "not_role_holder",
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
    return await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: decider.sign(project, template, form, command, write.caller),
        lambda project: {"form": project.forms[form_key(form, command.copy_number)]},
        status=201,
        occurred_at=command.occurred_at,
    )
