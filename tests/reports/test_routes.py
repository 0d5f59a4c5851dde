"""Reports over HTTP: what a workspace did is what they count, now and at a position."""

from typing import Any

import asyncpg

from genjin_api.reports.completing import TABLES
from tests.pursuit import Pursuit, done
from tests.world import World

OF_PERIODS = (
    *("stage-conversion", "stage-durations", "overrides"),
    *("win-rate", "disagreement", "calibration"),
)


OF_STANDING = ("board", "pipeline", "waiting")


async def report(world: World, name: str, **query: Any) -> Any:
    return done(await world.auditor.get(f"/v1/reports/{name}", **query)).json()


async def position(world: World) -> int:
    newest = (await world.owner.get("/v1/events", order="desc", limit=1)).json()["items"][0]
    found: int = newest["position"]
    return found


async def all_reports(world: World, **query: Any) -> dict[str, Any]:
    return {name: await report(world, name, **query) for name in OF_PERIODS}


async def test_what_a_pursuit_went_through_is_counted_and_the_past_stays_what_it_was(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project("R-1", occurred_at="2026-03-02T09:00:00+08:00"))
    await pursuit.judge("marketer")
    await pursuit.judge("dept_head", "hold", "预算未批")
    before = await all_reports(world)
    place = await position(world)
    lost = {"outcome": "lost", "reason_code": "price"}
    await pursuit.post("closings", lost)

    [initiation] = (await report(world, "stage-conversion", by_month="true"))["stages"]
    assert (initiation["stage"], initiation["month"]) == ("initiation", "2026-03")
    assert (initiation["entered"], initiation["ended"]) == (1, 1)
    [stage] = before["stage-conversion"]["stages"]
    assert (stage["still_there"], stage["title"]["zh"]) == (1, "项目立项")
    assert (await report(world, "win-rate"))["total"]["lost"] == 1
    [pair] = (await report(world, "disagreement"))["pairs"]
    assert (pair["roles"], pair["disagreement"]) == (["dept_head", "marketer"], "1.0000")
    judges = (await report(world, "calibration"))["judges"]
    assert {(one["person_name"], one["against"]["share"]) for one in judges} == {
        ("李强", "1.0000"),
        ("王芳", None),
    }
    [duration] = (await report(world, "stage-durations"))["stages"]
    assert duration["calendar_days"]["median"] > 0
    assert await all_reports(world, as_of=f"@{place}") == before
    assert await report(world, "win-rate", since="2100-01-01") == await report(
        world, "win-rate", as_of="@1"
    )


async def test_an_override_is_counted_under_the_role_that_gave_it(world: World) -> None:
    pursuit = Pursuit(world, await world.project("R-2"))
    await pursuit.record_actual("客户已口头确认")
    blockers = (await pursuit.gate())["blockers"]
    waive = [{"code": one["code"], "subject": one["subject"]} for one in blockers]
    override = {"waive": waive, "reason": "客户已口头确认，书面材料下周补齐，先行推进不误工期"}
    done(await world.general_manager.post(f"{pursuit.path}/stage-advances", {"override": override}))
    [stage] = (await report(world, "overrides"))["stages"]
    assert (stage["stage"], stage["override_rate"]) == ("initiation", "1.0000")
    assert [one["role"] for one in stage["roles"]] == ["general_manager"]
    first = await report(world, "stage-conversion", limit=1)
    assert (len(first["stages"]), first["stages_left_out"]) == (1, 1)


async def test_what_cannot_be_asked_is_refused_and_the_parameter_named(world: World) -> None:
    for query, status, pointer in (
        ({"since": "2026-02-02", "until": "2026-02-01"}, 422, "?until"),
        ({"since": "x"}, 422, "?since"),
        ({"as_of": "3"}, 422, "?as_of"),
        ({"as_of": "@99999999"}, 400, "?as_of"),
        ({"colour": "red"}, 422, "?colour"),
        ({"limit": 1001}, 422, "?limit"),
    ):
        answer = await world.marketer.get("/v1/reports/win-rate", **query)
        assert answer.status_code == status, answer.text
        assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_rows_of_events_that_are_older_than_the_tables_are_made_when_they_are_asked_for(
    world: World,
) -> None:
    pursuit = Pursuit(world, await world.project("R-3"))
    await pursuit.judge("marketer")
    await pursuit.post("follow-ups", {**FOLLOW_UP, "owner_id": world.marketer.id})
    await pursuit.post("closings", {"outcome": "lost", "reason_code": "price"})
    before = await all_reports(world)
    connection = await asyncpg.connect(world.api.database.admin_url)
    try:
        stored = await _rows(connection, world)
        for table in (*TABLES, "counted_complete"):
            await connection.execute(
                f"DELETE FROM genjin.{table} WHERE workspace_id = $1", world.workspace_id
            )
        assert await all_reports(world) == before
        assert await _rows(connection, world) == stored
    finally:
        await connection.close()


FOLLOW_UP = {"role": "marketer", "action": "约见", "due_on": "2030-01-01"}


async def _rows(connection: asyncpg.Connection, world: World) -> dict[str, list[str]]:
    found = {}
    for table in TABLES:
        query = f"SELECT to_jsonb(t)::text FROM genjin.{table} t WHERE workspace_id = $1 ORDER BY 1"
        found[table] = [row[0] for row in await connection.fetch(query, world.workspace_id)]
    return found


async def test_a_member_s_reports_are_about_every_project_as_the_list_of_projects_is(
    world: World,
) -> None:
    """Also for one who holds a role in none of them: reports tell no more than projects do."""
    pursuit = Pursuit(world, await world.project("R-9"))
    await pursuit.judge("dept_head", "hold", "预算未批")
    for path in ("projects", *(f"reports/{name}" for name in (*OF_PERIODS, *OF_STANDING))):
        asked = [await who.get(f"/v1/{path}") for who in (world.outsider, world.auditor)]
        seen, whole = (done(answer).json() for answer in asked)
        assert seen == whole, path
    matrix = done(await world.outsider.get(f"{pursuit.path}/judgements")).json()["items"]
    assert "李强" in {one["person_name"] for one in matrix}
