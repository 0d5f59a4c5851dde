"""Rows of a folded stream on their way into a shadow table: JSON, whichever process folded it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from genjin.canonical import plain_json
from genjin_api.projections.folding import Folded


@dataclass(frozen=True, slots=True)
class Encoded:
    """A stream's noun and entity, and its rows by table: JSON objects with commas between them."""

    noun: str
    identifier: UUID
    rows: Mapping[str, str]


def encode(folded: Folded, workspace_id: UUID, tables: Collection[str]) -> Encoded:
    """The rows for these tables; a table for which there is none is not there."""
    rows = {
        table: b",".join(plain_json({"workspace_id": workspace_id, **row}) for row in of_table)
        for table, of_table in folded.rows.items()
        if of_table and table in tables
    }
    text = {table: joined.decode() for table, joined in rows.items()}
    return Encoded(folded.noun, folded.identifier, text)
