"""Stakeholders and scores page by page, while more of them are written."""

from typing import Any

from tests.http.asserting import assert_problem
from tests.http.test_pages import walk
from tests.pursuit import Pursuit
from tests.stakeholders.inside import NOTE, new_stakeholder, score
from tests.world import World


async def test_stakeholders_and_scores_are_read_page_by_page_now_and_as_they_were(
    world: World,
) -> None:
    pursuit, judge = Pursuit(world, await world.project()), world.dept_head
    people = [(await new_stakeholder(pursuit))["id"] for _ in range(3)]
    scores = f"{pursuit.path}/stakeholders/{people[0]}/scores"
    for day, value in (("2026-03-02", 2), ("2026-03-20", 4), ("2026-03-10", 3)):
        await pursuit.post(f"stakeholders/{people[0]}/scores", score(day, trust=value))
    version = (await pursuit.card())["version"]

    async def another() -> None:
        await new_stakeholder(pursuit)

    async def earlier() -> None:
        await pursuit.post(f"stakeholders/{people[0]}/scores", score("2026-03-01", trust=1))

    async def ids(**query: Any) -> list[str]:
        found = await walk(judge, f"{pursuit.path}/stakeholders", another, **query)
        assert {one["values"]["note"] for one in found} == {NOTE}
        return [one["id"] for one in found]

    assert await ids(limit=2, as_of=str(version)) == people
    assert (await ids(limit=2, status="active"))[:3] == people
    told = await walk(judge, scores, earlier, limit=1)
    assert [(one["assessed_on"], one["average"], one["change"]) for one in told] == [
        ("2026-03-02", "2.00", None),
        ("2026-03-10", "3.00", "1.00"),
        ("2026-03-20", "4.00", "1.00"),
    ]
    then = await walk(judge, scores, limit=1, as_of=str(version))
    assert [one["number"] for one in then] == [1, 3, 2]
    page = (await judge.get(scores, limit=1)).json()
    foreign = await judge.get(f"{pursuit.path}/stakeholders", cursor=page["next_cursor"])
    assert_problem(foreign, 400, "cursor_invalid")
