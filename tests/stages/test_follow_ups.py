"""Follow-ups over HTTP: set in a project, found by their owner across all projects."""

from typing import Any

from tests.pursuit import Pursuit, done
from tests.world import World


async def _set(pursuit: Pursuit, due_on: str, role: str = "marketer") -> dict[str, Any]:
    body = {
        "role": role,
        "action": "约见设备科王工",
        "owner_id": pursuit.world.marketer.id,
        "due_on": due_on,
    }
    made: dict[str, Any] = (await pursuit.post("follow-ups", body, by=role))["follow_up"]
    return made


async def test_an_owner_finds_their_open_follow_ups_of_all_projects_page_by_page(
    world: World,
) -> None:
    projects = [Pursuit(world, await world.project(f"XM-{number}")) for number in range(2)]
    due = ["2027-03-01", "2027-01-01", "2027-02-01", "2027-01-01", "2027-04-01"]
    for number, due_on in enumerate(due):
        await _set(projects[number % 2], due_on)
    done_early = await _set(projects[0], "2026-12-01")
    completion = f"{projects[0].path}/follow-ups/{done_early['id']}/completion"
    done(await world.marketer.put(completion, {"result": "已见面"}))

    found: list[dict[str, Any]] = []
    path: str | None = "/v1/follow-ups?limit=2"
    while path:
        page = done(await world.marketer.get(path))
        assert len(page.json()["items"]) <= 2
        found += page.json()["items"]
        path = page.links["next"]["url"] if "next" in page.links else None
    assert [item["follow_up"]["due_on"] for item in found] == sorted(due)
    assert len({item["follow_up"]["id"] for item in found}) == len(due)
    assert {item["project_id"] for item in found} == {
        project.path.rpartition("/")[2] for project in projects
    }


async def test_a_cursor_of_another_list_or_person_is_refused(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    for due_on in ("2027-01-01", "2027-02-01"):
        await _set(pursuit, due_on)
    page = done(await world.marketer.get("/v1/follow-ups", limit=1)).json()
    foreign = await world.dept_head.get("/v1/follow-ups", limit=1, cursor=page["next_cursor"])
    assert (foreign.status_code, foreign.json()["code"]) == (400, "cursor_invalid")
    theirs = done(await world.dept_head.get("/v1/follow-ups", owner_id=world.marketer.id)).json()
    assert len(theirs["items"]) == 2


async def test_an_overdue_follow_up_keeps_the_gate_closed_until_it_is_completed(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project())
    await pursuit.open_gate()
    overdue = await _set(pursuit, "2026-01-05", role="general_manager")
    [blocker] = (await pursuit.gate())["blockers"]
    assert (blocker["code"], blocker["subject"]) == ("follow_up_overdue", overdue["id"])
    path = f"{pursuit.path}/follow-ups/{overdue['id']}/completion"
    completed = done(await world.marketer.put(path, {"result": "已见面"})).json()["follow_up"]
    assert completed["days_late"] > 0
    assert (await pursuit.gate())["open"]
    assert await pursuit.items("follow-ups", status="completed") == [completed]
    assert (await pursuit.card())["counts"]["open_follow_ups"] == 0
