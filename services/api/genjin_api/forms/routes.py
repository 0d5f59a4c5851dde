"""Attached forms over HTTP."""

from collections.abc import Iterable
from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.model import Template
from genjin_api.acting import Decision, Moment
from genjin_api.action import RefusedError, Request
from genjin_api.forms import decider, projection, signing
from genjin_api.forms.disclosure import ShownForm
from genjin_api.forms.links import with_links
from genjin_api.forms.reading import disclose, disclose_answer, stored_with_links
from genjin_api.forms.report import ValidationReport, report
from genjin_api.forms.state import FormRecord, form_key
from genjin_api.forms.validation import Checked
from genjin_api.http.answers import bodies, listed, shown
from genjin_api.http.context import CurrentServices, RecordedRead, Services, Write
from genjin_api.http.documents import EventDocument, answer_of, page_of, reads, writes
from genjin_api.http.reading_body import JsonRoute
from genjin_api.past.answers import listed_then, shown_then, unkept
from genjin_api.past.reading import Past, Then
from genjin_api.projects.reading import load_project, project_version
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of, write_project
from genjin_api.refusal import not_found
from genjin_api.stakeholders.form_writing import FormsWord, customer_of_form

router = APIRouter(prefix="/v1/projects/{project_id}/forms", tags=["forms"], route_class=JsonRoute)

CopyNumber = Annotated[int, Query(ge=1, le=100, description="which copy of a repeatable form")]


class SavedFormAnswer(BaseModel):
    """The form as it was saved, what its validation report says of it, and the events that made it so."""

    form: ShownForm
    validation: ValidationReport
    events: list[EventDocument]


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
    documents = await stored_with_links(services, caller, project_id, bodies(rows))
    response = listed(await disclose(services, read, project_id, version, documents))
    if any(document["restricted"] for document in documents):
        return unkept(response)
    return response


async def _forms_then(
    services: Services, read: Request, then: Past, records: Iterable[FormRecord]
) -> Response:
    found, project = list(records), then.project
    documents = with_links(project.id, found, project.documents)
    forms = await disclose(services, read, project.id, project.version, documents, past=True)
    return listed_then(forms, then, personal=any(record.restricted for record in found))


@router.get(
    "/{form}/validation",
    summary="What is wrong with a form's values, and what is missing before it is signed",
    **reads(ValidationReport, "not_found", "point_in_future"),
)
async def get_validation(
    services: CurrentServices,
    read: RecordedRead,
    project_id: UUID,
    form: str,
    then: Then,
    copy_number: CopyNumber = 1,
) -> Response:
    project = then.project if then else await load_project(services, read.caller, project_id)
    template = await template_of(services, read.caller, project)
    record = project.forms.get(form_key(form, copy_number))
    if record is None or form not in template.forms:
        raise RefusedError(not_found("form", f"{form}, copy {copy_number}"))
    documents = with_links(project.id, [record], project.documents)
    [opened] = await disclose(
        services, read, project.id, project.version, documents, past=then is not None
    )
    checked = Checked(
        body_hash=project.template.body_hash,
        form=form,
        spec=template.forms[form],
        values=opened["values"],
        documents=project.documents,
        hidden=opened["withheld"].keys(),
    )
    found = report(project, template, record, checked, read.language)
    if then:
        return shown_then(found, then, personal=record.restricted)
    return unkept(shown(found, project.version))


@router.put(
    "/{form}",
    summary="Save a form: a draft, complete values, or a revision of what was complete",
    **writes(
        SavedFormAnswer,
        "not_found",
        "role_not_allowed",
        "project_closed",
        "form_not_repeatable",
        "change_required",
        "change_not_approved",
        "form_invalid",
        "reporting_cycle",
        "limit_reached",
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
    customer = await customer_of_form(services, write, project_id, command)
    word = FormsWord(write, form, command, customer)
    pinned: list[Template] = []

    def decide(project: Project, template: Template, moment: Moment) -> Decision:
        pinned[:] = [template]
        besides = word.besides(project, template, moment)
        return decider.save(project, template, form, command, write.caller, write.language, besides)

    def show(project: Project) -> dict[str, Any]:
        record = project.forms[form_key(form, command.copy_number)]
        [saved] = with_links(project_id, [record], project.documents)
        spec, body_hash = pinned[0].forms[form], project.template.body_hash
        checked = Checked(body_hash, form, spec, command.values, project.documents)
        found = report(project, pinned[0], record, checked, write.language)
        return {"form": saved, "validation": found}

    response = await write_project(
        services,
        write,
        project_id,
        decide,
        show,
        occurred_at=command.occurred_at,
        finish=partial(disclose_answer, services, write, project_id, own=True),
        consequences=word.consequences,
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
        "second_slot_refused",
        "project_closed",
        "form_not_complete",
        "form_already_signed",
        "form_invalid",
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
    command: signing.SignForm,
) -> Response:
    def show(project: Project) -> dict[str, Any]:
        record = project.forms[form_key(form, command.copy_number)]
        [signed] = with_links(project_id, [record], project.documents)
        return {"form": signed}

    response = await write_project(
        services,
        write,
        project_id,
        lambda project, template, _: signing.sign(
            project, template, form, command, write.caller, write.language
        ),
        show,
        status=201,
        occurred_at=command.occurred_at,
        finish=partial(disclose_answer, services, write, project_id, own=False),
    )
    return unkept(response)
