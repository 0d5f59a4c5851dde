"""Exports as files: got over HTTP, taken apart, brought in elsewhere, compared."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.event import RecordedEvent
from genjin.history.filter import EVERYTHING
from genjin.log.reading import read_head
from genjin.postgres import create_pool
from genjin_api.feed.log_pages import LogPages
from genjin_api.transfer.export import Client, export
from genjin_api.transfer.loading import Imported, import_file
from tests.databases import Database
from tests.pursuit import done
from tests.world import Person

EXPORT = "/v1/events/export"

# Everything that a workspace is made of, but for secrets and idempotent answers.
TABLES = (
    "event",
    "commit",
    "claim",
    "workspace",
    "person",
    "api_key",
    "project",
    "stage_visit",
    "follow_up",
    "form",
    "requirement",
    "change_request",
    "subject",
    "risk",
    "milestone",
    "metric",
    "metric_value",
    "finding",
    "document",
    "stage_entry",
    "stage_exit",
    "suspension",
    "judgement",
    "follow_up_past",
    "project_standing",
    "project_standing_past",
    "account",
    "contact",
    "project_account",
    "stakeholder",
    "health_assessment",
    "warning",
    "webhook_subscription",
)


async def export_of(person: Person, **query: Any) -> bytes:
    answer = done(await person.get(EXPORT, **query))
    assert answer.headers["content-type"] == "application/jsonl"
    return answer.content


async def export_from(database: Database, workspace_id: UUID, bytes_max: int = 4096) -> bytes:
    """By whoever runs the installation. bytes_max is that of a page."""
    pool = await create_pool(database.api_url, "genjin_api", 2)
    try:
        last = (await read_head(pool, workspace_id)).position
        pages = LogPages(pool, bytes_max)
        pieces = export(pool, pages, workspace_id, last, EVERYTHING, CLIENT)
        return b"".join([piece async for piece in pieces])
    finally:
        await pool.close()


async def _unrecorded(_events: Sequence[RecordedEvent]) -> None:
    """Nobody of the workspace reads."""


async def _welcome() -> bool:
    return True


CLIENT = Client(_unrecorded, _welcome)


def parsed(export: bytes) -> list[dict[str, Any]]:
    assert export.endswith(b"\n")
    return [orjson.loads(line) for line in export.splitlines()]


def without_its_time(export: bytes) -> bytes:
    """Two exports of one log differ in when they were made."""
    return re.sub(rb'"exported_at":"[^"]*"', b"", export, count=1)


async def bring_in(database: Database, export: bytes, folder: Path) -> Imported:
    path = folder / "export.jsonl"
    path.write_bytes(export)
    return await import_file(database.api_url, "genjin_api", path)


async def rows_of(
    database: Database, workspace_id: str, last_position: int = 2**62
) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of the workspace, by table, in the order of its text; of the log up to a position."""
    owner = await asyncpg.connect(database.admin_url)
    try:
        found = {}
        for table in TABLES:
            place = {"event": "position", "commit": "last_position"}.get(table, "0")
            query = (
                f"SELECT t.* FROM genjin.{table} t WHERE workspace_id = $1 AND {place} <= $2::bigint"
                " ORDER BY t::text"
            )
            rows = await owner.fetch(query, workspace_id, last_position)
            found[table] = [tuple(row) for row in rows]
        return found
    finally:
        await owner.close()


async def row_count(database: Database) -> int:
    """Rows in all tables, secrets and answers included."""
    owner = await asyncpg.connect(database.admin_url)
    try:
        tables = [*TABLES, "api_key_secret", "webhook_secret", "idempotent_answer"]
        counts = [await owner.fetchval(f"SELECT count(*) FROM genjin.{table}") for table in tables]
        return sum(counts)
    finally:
        await owner.close()
