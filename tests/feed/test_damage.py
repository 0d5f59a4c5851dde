"""A log with a flipped byte: who follows it is told so, and reads nothing of the damaged event."""

from uuid import UUID

import asyncpg

from tests.feed.listening import EVENTS, listening
from tests.feed.steps import record
from tests.http.asserting import newest_position
from tests.world import World

FLIP = """
UPDATE genjin.event SET body = overlay(body placing '!' from 20 for 1) WHERE workspace_id = $1 AND position = $2
"""


async def flip(world: World, position: int) -> None:
    superuser = await asyncpg.connect(world.api.database.admin_url)
    try:
        await superuser.execute("SET session_replication_role = replica")
        flipped = await superuser.execute(FLIP, UUID(world.workspace_id), position)
        assert flipped == "UPDATE 1"
    finally:
        await superuser.close()


async def test_a_stream_that_comes_to_a_damaged_event_says_so_and_ends(world: World) -> None:
    project = await world.project()
    seen = await newest_position(world)
    last = await record(world, project, "一", "二")
    await flip(world, last)
    for path, person in ((EVENTS, world.auditor), (f"{project}/events/stream", world.marketer)):
        async with listening(person, path, after_position=seen) as feed:
            told = (await feed.to_its_end())[-1]
        assert (told.type, told.id) == ("problem", feed.parser.last_id)
        assert (told.event["code"], told.event["status"]) == ("log_damaged", 500)
        reason = f"position {last}: the leaf hash is not that of the event"
        assert told.event["detail"] == reason
        assert told.event["request_id"] == feed.answer.headers["request-id"]
        assert last not in feed.positions
    assert f'"reason": "{reason}"' in world.api.log.read_text()
    async with listening(world.auditor, after_position=last) as behind:
        newest = await record(world, project, "三")
        await behind.until(newest)
