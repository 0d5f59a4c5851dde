"""Forms with their sealed values in the clear: the keys are found, the look at them is recorded."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import plain_json
from genjin_api.action import Answer, Request
from genjin_api.audit.decider import RecordDisclosure
from genjin_api.audit.recording import record_opened
from genjin_api.forms.disclosure import Disclosed, disclosed, places_of
from genjin_api.forms.state import FormRecord
from genjin_api.http.context import Services
from genjin_api.projects.state import Project

Documents = Sequence[Mapping[str, Any]]


async def disclose(
    services: Services, reader: Request, project_id: UUID, version: int, documents: Documents
) -> list[dict[str, Any]]:
    """Documents of a project's forms as the reader is shown them. version is the project's then."""
    found = await _opened(services, reader, project_id, documents)
    forms = [document["form"] for document in documents if places_of(document)]
    await record_opened(
        services, reader, RecordDisclosure(project_id, version, forms, found.opened)
    )
    return found.documents


async def disclose_records(
    services: Services, reader: Request, project: Project, records: Sequence[FormRecord]
) -> list[dict[str, Any]]:
    """The same of a project's state."""
    documents = [orjson.loads(plain_json(record)) for record in records]
    return await disclose(services, reader, project.id, project.version, documents)


async def disclose_project(
    services: Services, reader: Request, project: Project, names: Collection[str] | None = None
) -> Project:
    """A project's state with its forms in the clear, or those of these names, for a document of the state."""
    sealed = {
        name: record
        for name, record in project.forms.items()
        if record.subjects and (names is None or name in names)
    }
    if not sealed:
        return project
    shown = await disclose_records(services, reader, project, list(sealed.values()))
    opened = {
        name: replace(record, values=document["values"])
        for (name, record), document in zip(sealed.items(), shown, strict=True)
    }
    return replace(project, forms={**project.forms, **opened})


def has_sealed(project: Project) -> bool:
    """Whether a document of the project's state would show opened values."""
    return any(record.subjects for record in project.forms.values())


async def disclose_answer(
    services: Services, write: Request, project_id: UUID, answer: Answer
) -> Answer:
    """The answer to who saved or signed a form: it is kept sealed, and opened each time it is given."""
    if answer.status >= 400:
        return answer
    body = orjson.loads(answer.text)
    found = await _opened(services, write, project_id, [body["form"]])
    return replace(answer, text=plain_json({**body, "form": found.documents[0]}).decode())


async def _opened(
    services: Services, reader: Request, project_id: UUID, documents: Documents
) -> Disclosed:
    subjects = {subject for document in documents for subject in places_of(document)}
    keys = await services.subject_keys.find(reader.caller.workspace_id, subjects)
    return disclosed(project_id, documents, keys)
