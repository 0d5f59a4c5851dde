"""A pursuit from its initiation to the signed contract, over HTTP."""

from itertools import pairwise
from typing import Any

import httpx

from tests.pursuit import STAGES, TEMPLATE, Pursuit, done
from tests.world import JUDGES, World


async def _is_read_back(pursuit: Pursuit, answer: httpx.Response) -> None:
    """Whoever reads after a write is answered with it, at once."""
    events = answer.json()["events"]
    card = await pursuit.world.dept_head.get(pursuit.path)
    assert card.headers["etag"] == answer.headers["etag"] == f'"{card.json()["version"]}"'
    assert card.json()["version"] == events[-1]["version"]
    assert answer.headers["genjin-position"] == str(events[-1]["position"])
    newest = await pursuit.items("events", order="desc", limit=len(events))
    assert newest == list(reversed(events))


async def _stage_is_passed(pursuit: Pursuit, stage: str) -> None:
    before = await pursuit.gate()
    assert (before["stage"], before["open"]) == (stage, False)
    assert {"actual_missing", "judgement_missing"} <= {item["code"] for item in before["blockers"]}
    async for answer in pursuit.opening():
        await _is_read_back(pursuit, answer)
    after = await pursuit.gate()
    assert (after["open"], after["blockers"]) == (True, [])
    assert len(after["checks"]) >= len(before["checks"])


def _rests_on(checks: list[dict[str, Any]], history: list[dict[str, Any]]) -> None:
    known = {event["id"] for event in history}
    for check in checks:
        assert check["passed"], check
        assert check["events"], check
        assert set(check["events"]) <= known


async def test_eight_stages_lead_from_initiation_to_a_won_project(world: World) -> None:
    pursuit = Pursuit(world, await world.project("XM-2026-008", region="天津"))
    for stage, following in pairwise(STAGES):
        await _stage_is_passed(pursuit, stage)
        advanced = await pursuit.advance()
        await _is_read_back(pursuit, advanced)
        assert [event["type"] for event in advanced.json()["events"]] == [
            "stage.advanced",
            "stage.entered",
        ]
        assert advanced.json()["project"]["stage"] == following
    await _stage_is_passed(pursuit, "signing")
    closed = done(await world.marketer.post(f"{pursuit.path}/closings", {"outcome": "won"}))
    await _is_read_back(pursuit, closed)
    assert closed.json()["project"]["status"] == "closed"
    assert closed.json()["project"]["closing"]["outcome"] == "won"
    await _shows_the_whole_way(pursuit)


async def _shows_the_whole_way(pursuit: Pursuit) -> None:
    history = await _history(pursuit)
    timeline = await pursuit.items("stages")
    assert [visit["stage"] for visit in timeline] == list(STAGES)
    assert [visit["left_to"] for visit in timeline] == [*STAGES[1:], None]
    assert [visit["left_by"] for visit in timeline] == ["advance"] * 7 + ["closing"]
    for visit in timeline:
        assert visit["number"] == 1
        assert visit["duration_seconds"] >= 0
        assert visit["receipt"]["stage"] == visit["stage"]
        _rests_on(visit["receipt"]["checks"], history)
    matrix = await pursuit.items("judgements")
    assert [(field["stage"], field["role"]) for field in matrix] == [
        (stage, role) for stage in STAGES for role in JUDGES
    ]
    assert {(field["verdict"], field["stale"]) for field in matrix} == {("advance", False)}
    forms = await pursuit.items("forms")
    assert {form["form"] for form in forms} == set(TEMPLATE.forms)
    assert {form["state"] for form in forms} == {"complete"}


async def _history(pursuit: Pursuit) -> list[dict[str, Any]]:
    """Every event of the project, page by page: numbered without a gap, from its creation to its closing."""
    history: list[dict[str, Any]] = []
    path: str | None = f"{pursuit.path}/events?limit=50"
    while path:
        page = done(await pursuit.world.marketer.get(path))
        history += page.json()["items"]
        path = page.links["next"]["url"] if "next" in page.links else None
    assert [event["version"] for event in history] == list(range(1, len(history) + 1))
    types = [event["type"] for event in history]
    assert (types[0], types[-1]) == ("project.created", "project.closed")
    assert types.count("stage.advanced") == 7
    assert types.count("stage.entered") == 8
    assert types.count("stage.judged") == 32
    assert types.count("form.completed") == len(TEMPLATE.forms)
    assert "stage.advance_refused" not in types
    return history
