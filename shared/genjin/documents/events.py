"""Facts of a project's documents: attach, withdraw. A document's content is a file, which the log knows by its hash."""

from typing import ClassVar
from uuid import UUID

from genjin.event import Fact


class DocumentAttached(Fact):
    """document is the kind, of those of the template; null: of no kind. form and copy_number: what it belongs to.

    size is in bytes; sha256, in hexadecimal, is that of the file's content.
    """

    type: ClassVar[str] = "document.attached"
    document_id: UUID
    document: str | None
    form: str | None
    copy_number: int | None
    title: str
    file_name: str
    media_type: str
    size: int
    sha256: str


class DocumentWithdrawn(Fact):
    type: ClassVar[str] = "document.withdrawn"
    document_id: UUID
    reason: str


DocumentFact = DocumentAttached | DocumentWithdrawn
