"""A project's documents as they stand after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, assert_never
from uuid import UUID

from genjin.documents.events import DocumentAttached, DocumentFact, DocumentWithdrawn
from genjin.event import Stamp
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced with every event
class Document:
    """attached_in is the visit, by its ordinal, in which it was attached. size is in bytes."""

    id: UUID
    document: str | None
    form: str | None
    copy_number: int | None
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str
    status: Literal["attached", "withdrawn"]
    attached_at: datetime
    attached_by: UUID
    attached_in: int
    withdrawn_at: datetime | None = None
    withdrawn_by: UUID | None = None
    withdrawal_reason: str = ""


Documents = Mapping[str, Document]


def evolve(documents: Documents, fact: DocumentFact, stamp: Stamp, visit: int) -> Documents:
    """visit is the ordinal of the one in which it happens."""
    key = str(fact.document_id)
    match fact:
        case DocumentAttached():
            return {**documents, key: _attached(fact, stamp, visit)}
        case DocumentWithdrawn():
            withdrawn = replace(
                documents[key],
                status="withdrawn",
                withdrawn_at=stamp.occurred_at,
                withdrawn_by=stamp.actor.id,
                withdrawal_reason=fact.reason,
            )
            return {**documents, key: withdrawn}
        case _:
            assert_never(fact)


def _attached(fact: DocumentAttached, stamp: Stamp, visit: int) -> Document:
    return Document(
        id=fact.document_id,
        document=fact.document,
        form=fact.form,
        copy_number=fact.copy_number,
        title=fact.title,
        file_name=fact.file_name,
        media_type=fact.media_type,
        size=fact.size,
        sha256=fact.sha256,
        status="attached",
        attached_at=stamp.occurred_at,
        attached_by=stamp.actor.id,
        attached_in=visit,
    )
