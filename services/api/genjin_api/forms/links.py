"""Links in a form's values to documents of its project: shown with their names, and bound by a signature. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import orjson

from genjin.canonical import plain_json
from genjin.documents.links import links_in
from genjin_api.documents.state import Document, Documents
from genjin_api.forms.fields import is_hidden
from genjin_api.forms.state import FormRecord


@dataclass(frozen=True, slots=True)
class LinkedDocument:
    """A document that a form's values link to. pointer leads into the form's document; sha256 is that of the content,
    which is at `content`. size is in bytes.
    """

    pointer: str
    document_id: UUID
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    status: Literal["attached", "withdrawn"]
    content: str


def linked_ids(values: Any) -> set[UUID]:
    return {UUID(link.document_id) for _, link in links_in(values)}


def linked(
    project_id: UUID, values: Any, documents: Mapping[str, Document]
) -> list[LinkedDocument]:
    """Of the links those that lead to a document with the content that they name."""
    found = [(place, link, documents.get(link.document_id)) for place, link in links_in(values)]
    return [
        _linked(project_id, place, document)
        for place, link, document in found
        if document is not None and document.sha256 == link.sha256
    ]


def _linked(project_id: UUID, place: str, document: Document) -> LinkedDocument:
    return LinkedDocument(
        pointer=f"/values{place}",
        document_id=document.id,
        title=document.title,
        file_name=document.file_name,
        media_type=document.media_type,
        size=document.size,
        sha256=document.sha256,
        status=document.status,
        content=f"/v1/projects/{project_id}/documents/{document.id}/content",
    )


def with_links(
    project_id: UUID, records: Iterable[FormRecord], documents: Documents
) -> list[dict[str, Any]]:
    """The documents of forms, each with what it links to."""
    return [
        {
            **orjson.loads(plain_json(record)),
            "documents": as_json(linked(project_id, record.values, documents)),
        }
        for record in records
    ]


def as_json(documents: list[LinkedDocument]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = orjson.loads(plain_json(documents))
    return found


def without_links(document: dict[str, Any]) -> dict[str, Any]:
    """A form's document as it is shown, without the documents that withheld values link to."""
    withheld = document["withheld"]
    shown = [
        one for one in document.get("documents", ()) if not is_hidden(one["pointer"], withheld)
    ]
    return {**document, "documents": shown} if "documents" in document else document


def signed_documents(record: FormRecord, documents: Documents) -> dict[str, str]:
    """Content hashes by document id: what the values link to, and what is attached to this copy of the form."""
    by_link = {link.document_id: link.sha256 for _, link in links_in(record.values)}
    return {
        key: document.sha256
        for key, document in sorted(documents.items())
        if document.status == "attached"
        and (
            by_link.get(key) == document.sha256
            or (document.form, document.copy_number) == (record.form, record.copy_number)
        )
    }
