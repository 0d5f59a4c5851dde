"""Contacts with their sealed details in the clear: who may see them, and the record of the look.

A contact is seen by those who hold a role in a project that has it as a stakeholder, as long as they hold it and it is
one, but not for the role of an outside party; having made it shows it to nobody. Owners, admins and auditors see every
one, and their looks are recorded, as everybody's looks at the past are. Who made a contact may change it and take it up
until the first project has it.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import orjson

from genjin.canonical import plain_json
from genjin.subjects.contexts import contact_context
from genjin.subjects.sealed_values import Keys
from genjin_api.acting import Caller
from genjin_api.action import Answer, Request
from genjin_api.audit.decider import RecordContacts
from genjin_api.audit.recording import record_contacts
from genjin_api.contacts.projection import OF_IDS
from genjin_api.contacts.state import Contact
from genjin_api.http.answers import bodies
from genjin_api.http.context import Services
from genjin_api.subjects.disclosure import disclosed_document, erased_meanwhile, places_of
from genjin_api.subjects.erasing import clear_contact

Document = Mapping[str, Any]

# Of the contacts $3 those that the member $2 has to do with: by which role, of which template.
_IN_PROJECTS_OF = """
SELECT DISTINCT s.id, p.body->'template'->>'key' AS template, (p.body->'template'->>'version')::integer AS version,
       role.key AS role
  FROM genjin.stakeholder s
  JOIN genjin.project p ON p.workspace_id = $1 AND p.id = s.project_id,
       jsonb_each(p.body->'role_holders') role, jsonb_array_elements(role.value) holder
 WHERE s.workspace_id = $1 AND s.id = ANY ($3::uuid[]) AND s.status = 'active'
   AND holder->>'person_id' = $2::uuid::text
"""

# Of the contacts $3 those that the member $2 made, and that no project has or ever had.
_STILL_OF_THEIR_MAKER = """
SELECT c.id FROM genjin.contact c
 WHERE c.workspace_id = $1 AND c.id = ANY ($3::uuid[]) AND c.created_by = $2
   AND NOT EXISTS (SELECT FROM genjin.stakeholder s WHERE s.workspace_id = $1 AND s.id = c.id)
"""


async def visible(services: Services, caller: Caller, contacts: Collection[UUID]) -> set[UUID]:
    """Which of these contacts the caller is shown in the clear."""
    if caller.workspace_role != "member":
        return set(contacts)
    workspace_id = caller.workspace_id
    rows = await services.database.fetch(
        _IN_PROJECTS_OF, workspace_id, caller.person_id, list(contacts)
    )
    pinned = {(row["template"], row["version"]) for row in rows}
    outside = {
        place: (await services.library.version(workspace_id, *place)).outside_roles
        for place in pinned
    }
    return {
        row["id"] for row in rows if row["role"] not in outside[row["template"], row["version"]]
    }


async def in_hands_of(services: Services, caller: Caller, contacts: Collection[UUID]) -> set[UUID]:
    """Which of these contacts the caller may change, and take up into a project: those that they see, and those that
    they made and no project ever had.
    """
    seen = await visible(services, caller, contacts)
    rows = await services.database.fetch(
        _STILL_OF_THEIR_MAKER, caller.workspace_id, caller.person_id, list(set(contacts) - seen)
    )
    return seen | {row["id"] for row in rows}


async def disclose_contacts(
    services: Services,
    reader: Request,
    documents: Sequence[Document],
    *,
    past: bool = False,
    own: bool = False,
) -> list[dict[str, Any]]:
    """Documents of contacts as the reader is shown them. past: they were asked for as they were. own: the reader has
    just said all that is in them, which is no look.
    """
    ids = {UUID(one["id"]) for one in documents}
    seen = ids if own else await visible(services, reader.caller, ids)
    ours = [one for one in documents if UUID(one["id"]) in seen]
    subjects = {subject for one in ours for subject in places_of(one)}
    keys = await services.subject_keys.find(reader.caller.workspace_id, subjects)
    shown = [_disclosed(one, keys if UUID(one["id"]) in seen else None) for one in documents]
    if not own:
        opened = {UUID(one["id"]): _count(one) for one in shown if _count(one)}
        await record_contacts(services, reader, RecordContacts(opened, past=past))
    return shown


async def named(
    services: Services, workspace_id: UUID, contacts: Collection[UUID]
) -> dict[str, UUID]:
    """The contacts by their names, for the decision on a command, which shows them to nobody; a name that two of them
    have is none.
    """
    rows = await services.database.fetch(OF_IDS, workspace_id, list(contacts))
    documents = bodies(rows)
    subjects = {subject for one in documents for subject in places_of(one)}
    keys = await services.subject_keys.find(workspace_id, subjects)
    opened = [(UUID(one["id"]), _disclosed(one, keys)["values"].get("name")) for one in documents]
    counts = Counter(name for _, name in opened)
    return {name: contact for contact, name in opened if name and counts[name] == 1}


def contact_document(contact: Contact) -> dict[str, Any]:
    document: dict[str, Any] = orjson.loads(plain_json(contact))
    return document


async def disclose_answer(
    services: Services, write: Request, answer: Answer, *, own: bool = False
) -> Answer:
    """The answer to who wrote a contact: it is kept sealed, and opened each time it is given."""
    if answer.status >= 400:
        return answer
    body = orjson.loads(answer.text)
    kept = body["contact"]
    [shown] = await disclose_contacts(services, write, [kept], own=own)
    for subject in erased_meanwhile(kept, shown):
        await clear_contact(services, write, UUID(kept["id"]), UUID(subject))
    return replace(answer, text=plain_json({**body, "contact": shown}).decode())


def _disclosed(document: Document, keys: Keys | None) -> dict[str, Any]:
    context = contact_context(UUID(document["id"]))
    shown = disclosed_document(document, keys, context).document
    return shown if keys is not None else {**shown, "from_forms": []}


def _count(shown: Document) -> int:
    return len(shown["values"].keys()) - len(shown["withheld"].keys())
