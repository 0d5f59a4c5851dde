"""Forms with their sealed values in the clear: the keys are found, the look at them is recorded."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson
from pydantic import TypeAdapter

from genjin.canonical import plain_json
from genjin.templates.model import FormSpec
from genjin_api.acting import Caller
from genjin_api.action import Answer, Request
from genjin_api.audit.decider import RecordDisclosure
from genjin_api.audit.recording import record_opened
from genjin_api.documents.projection import SOME as DOCUMENTS
from genjin_api.documents.state import Document
from genjin_api.forms.disclosure import Disclosed, disclosed
from genjin_api.forms.links import as_json, linked, linked_ids, without_links
from genjin_api.forms.report import without
from genjin_api.forms.sight import sight_of
from genjin_api.forms.state import FormRecord
from genjin_api.forms.withholding import withheld_form
from genjin_api.http.context import Services
from genjin_api.projects.reading import load_project
from genjin_api.projects.state import Project
from genjin_api.projects.writing import template_of
from genjin_api.subjects.disclosure import erased_meanwhile, places_of
from genjin_api.subjects.erasing import clear_project

Documents = Sequence[Mapping[str, Any]]
_DOCUMENT = TypeAdapter(Document)


async def disclose(
    services: Services,
    reader: Request,
    project_id: UUID,
    version: int,
    documents: Documents,
    *,
    past: bool = False,
) -> list[dict[str, Any]]:
    """Documents of a project's forms as the reader is shown them. version is the project's then; past: it was asked for
    as one of the past.
    """
    found = await _opened(services, reader, project_id, documents)
    command = RecordDisclosure(project_id, version, found.forms, found.opened, past=past)
    await record_opened(services, reader, command)
    return found.documents


async def stored_with_links(
    services: Services, caller: Caller, project_id: UUID, documents: Documents
) -> list[dict[str, Any]]:
    """Stored documents of a project's forms, each with what it links to."""
    ids = {one for document in documents for one in linked_ids(document["values"])}
    rows = (
        await services.database.fetch(DOCUMENTS, caller.workspace_id, project_id, list(ids))
        if ids
        else []
    )
    found = {str(row["id"]): _DOCUMENT.validate_json(row["body"]) for row in rows}
    return [
        {**document, "documents": as_json(linked(project_id, document["values"], found))}
        for document in documents
    ]


async def open_forms(
    services: Services, reader: Request, project: Project, names: Collection[str] | None
) -> tuple[Project, Disclosed]:
    """A project's state with its forms as the reader is shown them, or with those of these names; and what was opened,
    which is still to be recorded.
    """
    sealed = _restricted(project, names)
    if not sealed:
        return project, Disclosed([])
    found = await _opened(services, reader, project.id, _documents(sealed.values()))
    return _with_values(project, sealed, found.documents), found


def _restricted(project: Project, names: Collection[str] | None) -> Mapping[str, FormRecord]:
    return {
        name: record
        for name, record in project.forms.items()
        if record.restricted and (names is None or name in names)
    }


def _documents(records: Iterable[FormRecord]) -> list[dict[str, Any]]:
    return [orjson.loads(plain_json(record)) for record in records]


def _with_values(project: Project, sealed: Mapping[str, FormRecord], shown: Documents) -> Project:
    opened = {
        name: replace(record, values=document["values"])
        for (name, record), document in zip(sealed.items(), shown, strict=True)
    }
    return replace(project, forms={**project.forms, **opened})


def has_personal(project: Project) -> bool:
    """Whether a document of the project's state may show what can be erased."""
    return bool(project.stakeholders) or any(record.restricted for record in project.forms.values())


async def disclose_answer(
    services: Services, write: Request, project_id: UUID, answer: Answer, *, own: bool
) -> Answer:
    """The answer to who saved or signed a form: it is kept sealed, and opened each time it is given. own: the values
    are those that came with the request.
    """
    if answer.status >= 400:
        return answer
    if answer.replayed:
        sight = await sight_of(services, write.caller, project_id)
        answer = replace(answer, events=[sight.of(event) for event in answer.events])
    body = orjson.loads(answer.text)
    if own:
        [form] = (await _opened(services, write, project_id, [body["form"]])).documents
    else:
        version = answer.version or 0
        [form] = await disclose(services, write, project_id, version, [body["form"]])
    for subject in erased_meanwhile(body["form"], form):
        await clear_project(services, write, project_id, UUID(subject))
    if "validation" in body:
        body["validation"] = without(body["validation"], form["withheld"].keys())
    return replace(answer, text=plain_json({**body, "form": form}).decode())


async def _opened(
    services: Services, reader: Request, project_id: UUID, documents: Documents
) -> Disclosed:
    if any(document["restricted"] for document in documents):
        sight = await sight_of(services, reader.caller, project_id)
        if not sight.is_full:
            return Disclosed(
                [without_links(withheld_form(one, sight.form(one["form"]))) for one in documents]
            )
    subjects = {subject for document in documents for subject in places_of(document)}
    keys = await services.subject_keys.find(reader.caller.workspace_id, subjects)
    return disclosed(
        project_id, documents, keys, await _specs(services, reader, project_id, documents)
    )


async def _specs(
    services: Services, reader: Request, project_id: UUID, documents: Documents
) -> Mapping[str, FormSpec]:
    """The forms of the project's template, where something is sealed and something beside it may not be."""
    if not any(document["restricted"] and places_of(document) for document in documents):
        return {}
    project = await load_project(services, reader.caller, project_id)
    return (await template_of(services, reader.caller, project)).forms
