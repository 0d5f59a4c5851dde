"""The API with an S3-compatible store: content goes there, what is in Postgres can be read still."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import api_process
from tests.databases import Database, copy_migrated
from tests.documents.attaching import attach, content_path, hash_of, upload
from tests.documents.object_server import BUCKET, ObjectServer, object_server
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.world import World, make_world


@pytest.fixture(scope="module")
def server() -> Iterator[ObjectServer]:
    with object_server() as running:
        yield running


@pytest.fixture(scope="module")
async def database(postgres: EmbeddedPostgres) -> Database:
    return await copy_migrated(postgres)


@pytest.fixture(scope="module")
async def world_on_s3(
    database: Database, server: ObjectServer, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    log = tmp_path_factory.mktemp("s3") / "api.log"
    async with api_process(database, log, **server.settings()) as api, make_world(api) as made:
        yield made


@pytest.fixture(scope="module")
async def pursuit(world_on_s3: World) -> Pursuit:
    return Pursuit(world_on_s3, await world_on_s3.project())


def place(pursuit: Pursuit, content: bytes) -> str:
    return f"/{BUCKET}/{pursuit.world.workspace_id}/{hash_of(content)}"


async def rows(database: Database, content: bytes) -> int:
    """How often Postgres holds it."""
    connection = await asyncpg.connect(database.admin_url)
    query = "SELECT count(*) FROM genjin.file_content WHERE sha256 = sha256($1)"
    found: int = await connection.fetchval(query, content)
    await connection.close()
    return found


async def test_content_goes_to_the_bucket_and_comes_back(
    pursuit: Pursuit, server: ObjectServer, database: Database
) -> None:
    content = b"agreement" * 50_000
    document = await attach(pursuit, await upload(pursuit, content))
    assert server.objects[place(pursuit, content)] == content
    assert await rows(database, content) == 0
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert done(answer).content == content


async def test_what_the_bucket_has_lost_is_gone(pursuit: Pursuit, server: ObjectServer) -> None:
    document = await attach(pursuit, await upload(pursuit, b"lost"))
    del server.objects[place(pursuit, b"lost")]
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert_problem(answer, 410, "file_gone")


@pytest.mark.parametrize("other", [b"x", b"what it was and more"])
async def test_what_was_changed_in_the_bucket_is_not_handed_out(
    pursuit: Pursuit, server: ObjectServer, other: bytes
) -> None:
    document = await attach(pursuit, await upload(pursuit, b"what it was"))
    server.objects[place(pursuit, b"what it was")] = other
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert_problem(answer, 500, "file_damaged")


async def test_while_the_store_is_away_files_wait_and_all_else_goes_on(
    pursuit: Pursuit, server: ObjectServer
) -> None:
    document = await attach(pursuit, await upload(pursuit, b"here"))
    server.answer = 503, b"<Error><Code>SlowDown</Code></Error>"
    try:
        marketer = pursuit.world.marketer
        answer = await marketer.get(content_path(pursuit, document))
        assert_problem(answer, 503, "busy")
        sent = await marketer.client.post(f"{pursuit.path}/files", content=b"new")
        assert_problem(sent, 503, "busy")
        assert (await attach(pursuit, hash_of(b"here")))["status"] == "attached"
    finally:
        server.answer = None
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert done(answer).content == b"here"


async def test_files_stay_readable_when_new_ones_go_to_the_other_store(
    pursuit: Pursuit, server: ObjectServer, database: Database, tmp_path: Path
) -> None:
    in_bucket = await attach(pursuit, await upload(pursuit, b"in the bucket"))
    settings = server.settings(GENJIN_FILE_STORE="postgres")
    async with (
        api_process(database, tmp_path / "api.log", **settings) as api,
        make_world(api) as world,
    ):
        changed = Pursuit(world, await world.project())
        in_postgres = await attach(changed, await upload(changed, b"in Postgres"))
        assert await rows(database, b"in Postgres") == 1
        key = {"Authorization": f"Bearer {pursuit.world.marketer.key}"}
        path = content_path(pursuit, in_bucket)
        answer = await world.marketer.client.get(path, headers=key)
        assert done(answer).content == b"in the bucket"
        key = {"Authorization": f"Bearer {world.marketer.key}"}
        path = content_path(changed, in_postgres)
        answer = await pursuit.world.marketer.client.get(path, headers=key)
        assert done(answer).content == b"in Postgres"
