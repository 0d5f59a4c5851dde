"""What is kept of files: in Postgres under their hash, and only so."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest

from tests.documents.attaching import attach, content_path, hash_of, upload
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit
from tests.world import World

ROW = "workspace_id = $1 AND sha256 = $2"


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


@pytest.fixture
async def owner(world: World) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(world.api.database.admin_url)
    yield connection
    await connection.close()


def place(pursuit: Pursuit, content: bytes) -> tuple[UUID, bytes]:
    return UUID(pursuit.world.workspace_id), bytes.fromhex(hash_of(content))


async def test_a_file_that_was_taken_away_is_gone_and_its_document_is_not(
    pursuit: Pursuit, owner: asyncpg.Connection
) -> None:
    document = await attach(pursuit, await upload(pursuit, b"gone"))
    await owner.execute(f"DELETE FROM genjin.file_content WHERE {ROW}", *place(pursuit, b"gone"))
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert_problem(answer, 410, "file_gone")
    assert await pursuit.items("documents") == [document]


async def test_a_file_that_comes_again_is_there_again(
    pursuit: Pursuit, owner: asyncpg.Connection
) -> None:
    document = await attach(pursuit, await upload(pursuit, b"again"))
    await owner.execute(f"DELETE FROM genjin.file_content WHERE {ROW}", *place(pursuit, b"again"))
    await upload(pursuit, b"again")
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert (answer.status_code, answer.content) == (200, b"again")


async def test_content_cannot_be_kept_under_the_hash_of_another(
    pursuit: Pursuit, owner: asyncpg.Connection
) -> None:
    await upload(pursuit, b"whole")
    with pytest.raises(asyncpg.CheckViolationError, match="content_has_its_hash"):
        await owner.execute(
            f"UPDATE genjin.file_content SET content = 'other' WHERE {ROW}",
            *place(pursuit, b"whole"),
        )


async def test_a_damaged_file_is_not_handed_out(
    pursuit: Pursuit, owner: asyncpg.Connection
) -> None:
    document = await attach(pursuit, await upload(pursuit, b"whole"))
    await owner.execute("ALTER TABLE genjin.file_content DROP CONSTRAINT content_has_its_hash")
    try:
        await owner.execute(
            f"UPDATE genjin.file_content SET content = 'other' WHERE {ROW}",
            *place(pursuit, b"whole"),
        )
        answer = await pursuit.world.marketer.get(content_path(pursuit, document))
        assert_problem(answer, 500, "file_damaged")
    finally:
        await owner.execute(
            f"DELETE FROM genjin.file_content WHERE {ROW}", *place(pursuit, b"whole")
        )
        await owner.execute(
            "ALTER TABLE genjin.file_content ADD CONSTRAINT content_has_its_hash"
            " CHECK (sha256 = sha256(content))"
        )


@pytest.mark.parametrize(
    ("role", "statement"),
    [
        ("genjin_api", "UPDATE genjin.file_content SET content = ''"),
        ("genjin_api", "UPDATE genjin.file SET media_type = 'text/html'"),
        ("genjin_api", "DELETE FROM genjin.file_content"),
        ("genjin_api", "TRUNCATE genjin.file_content"),
        ("genjin_notifier", "SELECT content FROM genjin.file_content"),
    ],
)
async def test_the_services_cannot(
    world: World, owner: asyncpg.Connection, role: str, statement: str
) -> None:
    await owner.execute(f"SET ROLE {role}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await owner.execute(statement)
