"""A file of another workspace is not there, not even for who knows its hash."""

from tests.documents.attaching import attach, content_path, hash_of, upload
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit
from tests.world import World, make_world


async def test_a_hash_alone_opens_no_file_of_another_workspace(world: World) -> None:
    ours = Pursuit(world, await world.project())
    document = await attach(ours, await upload(ours, b"secret"))
    async with make_world(world.api) as stranger:
        theirs = Pursuit(stranger, await stranger.project())
        body = {"sha256": hash_of(b"secret"), "title": "x", "file_name": "x"}
        answer = await stranger.marketer.post(f"{theirs.path}/documents", body)
        assert_problem(answer, 422, "file_unknown", "/sha256")
        for path in (content_path(ours, document), content_path(theirs, document)):
            assert_problem(await stranger.marketer.get(path), 404, "not_found")
        await upload(theirs, b"secret", "text/plain")
        assert (await attach(theirs, hash_of(b"secret")))["media_type"] == "text/plain"
