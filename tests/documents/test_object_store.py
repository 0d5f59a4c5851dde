"""The content of files in an S3-compatible store."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from hashlib import sha256
from uuid import UUID

import pytest

from genjin_api.documents.object_store import ObjectStore, ObjectStoreError
from genjin_deploy.ports import free_port
from tests.documents.object_server import BUCKET, KEY, ObjectServer, object_server

WORKSPACE, OTHER = UUID(int=0xA), UUID(int=0xB)
CONTENT = b"agreement" * 10_000
HASH = sha256(CONTENT).digest()


@pytest.fixture
def server() -> Iterator[ObjectServer]:
    with object_server() as running:
        yield running


@pytest.fixture
async def store(server: ObjectServer) -> AsyncIterator[ObjectStore]:
    made = ObjectStore(server.url, BUCKET, KEY)
    yield made
    await made.close()


async def test_what_was_put_is_got(server: ObjectServer, store: ObjectStore) -> None:
    await store.put(WORKSPACE, HASH, CONTENT)
    assert await store.get(WORKSPACE, HASH, len(CONTENT)) == CONTENT
    assert list(server.objects) == [f"/{BUCKET}/{WORKSPACE}/{HASH.hex()}"]


async def test_to_put_it_again_changes_nothing(server: ObjectServer, store: ObjectStore) -> None:
    for _ in range(2):
        await store.put(WORKSPACE, HASH, CONTENT)
    assert list(server.objects.values()) == [CONTENT]


async def test_what_is_not_there_is_none(store: ObjectStore) -> None:
    await store.put(WORKSPACE, HASH, CONTENT)
    assert await store.get(OTHER, HASH, len(CONTENT)) is None


async def test_of_what_is_too_long_no_more_is_read_than_shows_it(
    server: ObjectServer, store: ObjectStore
) -> None:
    await store.put(WORKSPACE, HASH, CONTENT)
    server.objects = dict.fromkeys(server.objects, CONTENT * 100)
    found = await store.get(WORKSPACE, HASH, len(CONTENT))
    assert found is not None
    assert len(found) == len(CONTENT) + 1


async def refused(store: ObjectStore, reason: str) -> None:
    with pytest.raises(ObjectStoreError, match=reason):
        await store.put(WORKSPACE, HASH, CONTENT)
    with pytest.raises(ObjectStoreError, match=reason):
        await store.get(WORKSPACE, HASH, len(CONTENT))
    await store.close()


async def test_a_wrong_secret_is_an_error_that_does_not_show_it(server: ObjectServer) -> None:
    store = ObjectStore(server.url, BUCKET, replace(KEY, secret="wrong-secret"))
    await refused(store, "403.*SignatureDoesNotMatch")


async def test_a_bucket_that_is_not_there_is_an_error(server: ObjectServer) -> None:
    await refused(ObjectStore(server.url, "other", KEY), "NoSuchBucket")


async def test_a_redirect_is_an_error_and_not_followed(
    server: ObjectServer, store: ObjectStore
) -> None:
    server.answer = 307, b"<Error><Code>TemporaryRedirect</Code></Error>"
    await refused(store, "307")


async def test_a_store_that_is_away_is_an_error(server: ObjectServer) -> None:
    await refused(ObjectStore(f"http://127.0.0.1:{free_port()}", BUCKET, KEY), "ConnectError")
