"""A project's documents: the table genjin.document and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.documents.state import Document, Documents


def document_row(project_id: UUID, document: Document) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "id": document.id,
        "document": document.document,
        "status": document.status,
        "sha256": document.sha256,
        "body": document,
    }


# A project's documents, the oldest first; $3 narrows to a status, $4 to a kind.
LIST = """
SELECT body FROM genjin.document
 WHERE workspace_id = $1 AND project_id = $2 AND ($3::text IS NULL OR status = $3)
   AND ($4::text IS NULL OR document = $4)
 ORDER BY id
"""

ONE = "SELECT body FROM genjin.document WHERE workspace_id = $1 AND project_id = $2 AND id = $3"

SOME = """
SELECT id, body FROM genjin.document WHERE workspace_id = $1 AND project_id = $2 AND id = ANY ($3)
"""


def list_from(documents: Documents, status: str | None, kind: str | None) -> Iterable[Document]:
    """What LIST answers, from a state."""
    found = [
        one
        for one in documents.values()
        if status in (None, one.status) and kind in (None, one.document)
    ]
    return sorted(found, key=lambda one: one.id)
