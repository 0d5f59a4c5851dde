"""Exports that are in order, of logs that this release cannot fold: they are refused whole."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from genjin.event import Fact
from genjin.log.append import NewEvent
from genjin.people.events import PersonAdded
from genjin.postgres import create_pool
from genjin_api.transfer.loading import ImportRefusedError
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.log.log import Log, command, event
from tests.transfer.files import bring_in, export_from, row_count

PERSON = f"person-{uuid4()}"


@pytest.fixture
async def log(fresh_database: Database) -> AsyncIterator[Log]:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    yield Log(uuid4(), fresh_database, pool)
    await pool.close()


async def assert_refused(
    log: Log, postgres: EmbeddedPostgres, folder: Path, error: Any, reason: str
) -> None:
    elsewhere = await copy_migrated(postgres)
    with pytest.raises(error, match=reason):
        await bring_in(elsewhere, await export_from(log.database, log.workspace_id), folder)
    assert await row_count(elsewhere) == 0


def person(fact: Fact) -> NewEvent:
    noted = event("x")
    return NewEvent(noted.id, fact, noted.occurred_at, ())


ADDED = PersonAdded(name="王芳", workspace_role="member")


async def test_streams_of_an_unknown_noun(
    log: Log, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    await log.append(command(PERSON, 0, events=[person(ADDED)]), command("dream-1", 0, "x"))
    await assert_refused(log, postgres, tmp_path, ImportRefusedError, "no streams as dream-1")


async def test_events_of_an_unknown_type(
    log: Log, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    await log.append(command(PERSON, 0, events=[person(ADDED), event("x")]))
    await assert_refused(log, postgres, tmp_path, ImportRefusedError, "cannot be folded.*noted")


async def test_a_stream_whose_name_is_no_id(
    log: Log, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    await log.append(command("person-x", 0, events=[person(ADDED)]))
    await assert_refused(log, postgres, tmp_path, ImportRefusedError, "cannot be folded")


async def test_an_import_waits_for_no_append_for_ever(
    log: Log, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    """Somebody writes in the workspace that is to come in."""
    await log.append(command(PERSON, 0, events=[person(ADDED)]))
    elsewhere = await copy_migrated(postgres)
    other = await asyncpg.connect(elsewhere.api_url)
    transaction = other.transaction()
    await transaction.start()
    await other.execute(
        "SELECT pg_advisory_xact_lock(hashtextextended($1, 7001))", str(log.workspace_id)
    )
    with pytest.raises(asyncpg.LockNotAvailableError):
        await bring_in(elsewhere, await export_from(log.database, log.workspace_id), tmp_path)
    await transaction.rollback()
    await other.close()
    await bring_in(elsewhere, await export_from(log.database, log.workspace_id), tmp_path)
