"""Stakeholders with their sealed values in the clear: to whom forms are shown so, and the look is recorded."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import plain_json
from genjin.subjects.contexts import score_context, stakeholder_context
from genjin.subjects.sealed_values import Keys
from genjin_api.action import Answer, Request
from genjin_api.audit.decider import RecordDisclosure
from genjin_api.audit.recording import record_opened
from genjin_api.contacts.projection import OF_IDS
from genjin_api.contacts.reading import disclose_contacts
from genjin_api.forms.sight import sees_restricted, sight_of
from genjin_api.http.answers import bodies
from genjin_api.http.context import Services
from genjin_api.projects.state import Project
from genjin_api.replacing import replace
from genjin_api.stakeholders.state import Stakeholder
from genjin_api.subjects.disclosure import disclosed_document, erased_meanwhile
from genjin_api.subjects.erasing import clear_project

Document = Mapping[str, Any]

# Who stands where, and why one is no longer there, is withheld with the rest.
_NO_LINES: Document = {"roles": [], "reports_to": None, "from_forms": [], "removal_reason": ""}


@dataclass(frozen=True, slots=True)
class Opened:
    """Documents of stakeholders as they are shown; those of whom something restricted is in the clear there, and of
    which subject how many values were opened for it.
    """

    documents: list[dict[str, Any]]
    stakeholders: list[UUID]
    counts: Mapping[str, int]


async def disclose_stakeholders(
    services: Services,
    reader: Request,
    project_id: UUID,
    version: int,
    documents: Sequence[Document],
    *,
    past: bool = False,
    own: bool = False,
) -> list[dict[str, Any]]:
    """Documents of a project's stakeholders as the reader is shown them, with their scores. version is the project's
    then; past: they were asked for as they were. own: the reader has just said all that is in them.
    """
    found = _opened(project_id, documents, await _keys(services, reader, project_id, documents))
    if not own:
        await record_opened(
            services,
            reader,
            RecordDisclosure(
                project_id, version, (), found.counts, past=past, stakeholders=found.stakeholders
            ),
        )
    return found.documents


def stakeholder_documents(stakeholders: Iterable[Stakeholder]) -> list[dict[str, Any]]:
    return [orjson.loads(plain_json(one)) for one in stakeholders]


async def open_stakeholders(
    services: Services, reader: Request, project: Project, ids: Collection[str] | None
) -> tuple[Project, Opened]:
    """A project's state with its stakeholders as the reader is shown them, or with those of these ids; and what was
    opened, which is still to be recorded.
    """
    chosen = {key: one for key, one in project.stakeholders.items() if ids is None or key in ids}
    if not chosen:
        return project, Opened([], [], {})
    documents = stakeholder_documents(chosen.values())
    keys = await _keys(services, reader, project.id, documents)
    found = _opened(project.id, documents, keys)
    opened = {
        key: _with_values(one, document)
        for (key, one), document in zip(chosen.items(), found.documents, strict=True)
    }
    return replace(project, stakeholders={**project.stakeholders, **opened}), found


async def names_of_stakeholders(
    services: Services, reader: Request, before: Project, after: Project
) -> dict[str, str]:
    """What those are called, by contact, in whom two states differ, as far as the reader may know."""
    ids = differing(before.stakeholders, after.stakeholders)
    if not ids:
        return {}
    workspace_id = reader.caller.workspace_id
    rows = await services.database.fetch(OF_IDS, workspace_id, [UUID(one) for one in ids])
    shown = await disclose_contacts(services, reader, bodies(rows), past=True)
    return {one["id"]: name for one in shown if (name := one["values"].get("name"))}


async def disclose_answer(
    services: Services, write: Request, project_id: UUID, answer: Answer, *, own: bool = False
) -> Answer:
    """The answer to who wrote a stakeholder: it is kept sealed, and opened each time it is given."""
    if answer.status >= 400:
        return answer
    events = answer.events
    if answer.replayed:
        sight = await sight_of(services, write.caller, project_id)
        events = [sight.of(event) for event in events]
    body = orjson.loads(answer.text)
    kept = body["stakeholder"]
    [shown] = await disclose_stakeholders(
        services, write, project_id, answer.version or 0, [kept], own=own
    )
    scores = zip(kept["scores"].values(), shown["scores"].values(), strict=True)
    pairs = [(kept, shown), *scores]
    for subject in {one for pair in pairs for one in erased_meanwhile(*pair)}:
        await clear_project(services, write, project_id, UUID(subject))
    text = plain_json({**body, "stakeholder": shown}).decode()
    return Answer(answer.status, text, answer.location, answer.version, events, answer.replayed)


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> set[str]:
    """The keys of a register whose things are not the same in both."""
    keys = before.keys() | after.keys()
    return {key for key in keys if before.get(key) != after.get(key)}


async def _keys(
    services: Services, reader: Request, project_id: UUID, documents: Sequence[Document]
) -> Keys | None:
    """None for whom they are not meant."""
    if not await sees_restricted(services, reader.caller, project_id):
        return None
    subjects = {document["subject_id"] for document in documents}
    return await services.subject_keys.find(reader.caller.workspace_id, subjects)


def _opened(project_id: UUID, documents: Sequence[Document], keys: Keys | None) -> Opened:
    shown, seen, counts = [], [], Counter[str]()
    hidden: Document = {"form": None} if keys is None else {}
    for document in documents:
        contact_id, before = UUID(document["id"]), counts.total()
        found = disclosed_document(document, keys, stakeholder_context(project_id, contact_id))
        counts.update(found.opened)
        scores = {}
        for number, score in document["scores"].items():
            context = score_context(project_id, contact_id, int(number))
            opened = disclosed_document(score, keys, context)
            counts.update(opened.opened)
            scores[number] = {**opened.document, **hidden}
        lines = _NO_LINES if keys is None else {}
        shown.append({**found.document, **lines, "scores": scores})
        if counts.total() > before or (keys is not None and _says_where(document)):
            seen.append(contact_id)
    return Opened(shown, seen, +counts)


def _says_where(document: Document) -> bool:
    """Whether something that is never sealed stands in it: no erasure empties it."""
    return any(document.get(name) for name in _NO_LINES)


def _with_values(stakeholder: Stakeholder, document: Document) -> Stakeholder:
    scores = {}
    for number, score in stakeholder.scores.items():
        told = document["scores"][number]
        scores[number] = replace(score, values=told["values"], form=told["form"])
    above = document["reports_to"]
    return replace(
        stakeholder,
        values=document["values"],
        scores=scores,
        roles=tuple(document["roles"]),
        reports_to=UUID(above) if above else None,
        from_forms=tuple((place, form) for place, form in document["from_forms"]),
        removal_reason=document["removal_reason"],
    )
