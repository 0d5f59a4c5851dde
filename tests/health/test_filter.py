"""Projects asked for by what was last said of their health: the list and the board, now and as they were."""

import random
from collections import Counter
from typing import Any

from tests.engaged import new_engagement
from tests.http.asserting import assert_problem
from tests.http.test_pages import walk
from tests.pursuit import done
from tests.world import World

LEVELS = ("growing", "warning", "customer_leaving")


async def lived(world: World) -> list[tuple[int, str, str]]:
    """What was said of engagements, of one nothing: at which position, of which by its id, which level."""
    chance = random.Random(7)
    engagements = [await new_engagement(world) for _ in range(6)]
    said = []
    for _ in range(14):
        engagement, level = chance.choice(engagements[1:]), chance.choice(LEVELS)
        answer = await engagement.post("health-assessments", {"level": level, "reason": "回访"})
        identifier = engagement.path.rpartition("/")[2]
        said.append((answer["events"][0]["position"], identifier, level))
    return said


async def test_projects_are_listed_by_what_was_last_said_of_their_health(world: World) -> None:
    said = await lived(world)
    last = said[-1][0]
    seen: Counter[str] = Counter()
    for position in (said[0][0] - 1, *(at for at, _, _ in said[::4]), last):
        health = {identifier: level for at, identifier, level in said if at <= position}
        for level in LEVELS:
            wanted = {one for one, known in health.items() if known == level}
            seen[level] += len(wanted)
            asked: dict[str, Any] = {"health": level, "template": "engagement"}
            then = await walk(world.auditor, "/v1/projects", as_of=f"@{position}", limit=2, **asked)
            assert sorted(item["id"] for item in then) == sorted(wanted), (position, level)
            assert await _on_board(world, as_of=f"@{position}", **asked) == len(wanted)
            if position == last:
                now = await walk(world.auditor, "/v1/projects", limit=2, **asked)
                assert {item["id"] for item in now} == wanted and len(now) == len(wanted)
                assert await _on_board(world, **asked) == len(wanted)
    assert min(seen[level] for level in LEVELS) > 1


async def test_the_pages_of_one_health_are_of_one_list_whatever_is_said_meanwhile(
    world: World,
) -> None:
    engagements = [await new_engagement(world) for _ in range(4)]
    for engagement in engagements:
        await engagement.post("health-assessments", {"level": "warning", "reason": "回访"})
    asked: dict[str, Any] = {"health": "warning", "sort": "created_at", "limit": 1}
    before = await walk(world.auditor, "/v1/projects", **asked)

    async def say_more() -> None:
        await engagements[0].post("health-assessments", {"level": "growing", "reason": "已续约"})

    assert await walk(world.auditor, "/v1/projects", say_more, **asked) == before
    left = await walk(world.auditor, "/v1/projects", **asked)
    assert [item["id"] for item in left] == [item["id"] for item in before[1:]]
    page = done(await world.auditor.get("/v1/projects", **asked)).json()
    other = {**asked, "health": "growing", "cursor": page["next_cursor"]}
    assert_problem(await world.auditor.get("/v1/projects", **other), 400, "cursor_invalid")


async def test_a_level_that_no_template_could_have_is_refused_with_the_rule(world: World) -> None:
    for path in ("/v1/projects", "/v1/reports/board"):
        refused = await world.auditor.get(path, health="Red!")
        problem = assert_problem(refused, 422, "validation_failed")
        [error] = problem["errors"]
        assert error["pointer"] == "?health" and "a-z" in error["detail"]


async def _on_board(world: World, **asked: Any) -> int:
    """How many open projects it counts."""
    board = done(await world.auditor.get("/v1/reports/board", **asked)).json()
    return sum(column["open"] for column in board["columns"])
