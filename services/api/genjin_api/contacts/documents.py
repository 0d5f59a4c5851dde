"""The shape of a contact in the API's answers, for OpenAPI."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from genjin.subjects.sealed_values import Withheld
from genjin_api.forms.provenance import Provenance


class ContactDocument(BaseModel):
    """A person of an account. values are null at the places of withheld: the person was erased, or the key is not in
    this installation, or what is stored is damaged, or the reader does not work with the contact. from_forms are the
    values that forms stand behind, each with one; nobody else is told of them.
    """

    id: UUID
    account_id: UUID
    subject_id: UUID
    values: dict[str, Any]
    withheld: Mapping[str, Withheld]
    subjects: Mapping[str, tuple[str, ...]]
    restricted: bool
    status: Literal["active", "archived"]
    archiving_reason: str
    created_at: datetime
    created_by: UUID
    updated_at: datetime
    version: int
    from_forms: Provenance
