"""Durations over HTTP, now and as of a past version."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.pursuit import Pursuit, done
from tests.world import World


async def durations(pursuit: Pursuit, **query: Any) -> dict[str, Any]:
    answer = await pursuit.world.auditor.get(f"{pursuit.path}/durations", **query)
    found: dict[str, Any] = done(answer).json()
    return found


async def suspended_for_two_days(world: World) -> Pursuit:
    """Begun ten days ago, suspended from the third day to the fifth."""
    now = datetime.now(UTC)
    begun = now - timedelta(days=10)
    pursuit = Pursuit(world, await world.project("XM-D", occurred_at=begun.isoformat()))
    since, until = begun + timedelta(days=3), begun + timedelta(days=5)
    await pursuit.post("suspensions", {"reason": "等批", "occurred_at": since.isoformat()})
    await pursuit.post("resumptions", {"occurred_at": until.isoformat()})
    return pursuit


async def test_an_open_visit_is_measured_up_to_now_without_its_suspension(world: World) -> None:
    found = await durations(await suspended_for_two_days(world))
    [visit] = found["visits"]
    assert visit["open"]
    assert visit["length"]["suspended_seconds"] == 2 * 86400
    assert visit["length"]["net_seconds"] >= 8 * 86400
    assert found["total"] == visit["length"] == found["stages"][0]["length"]
    assert (found["time_zone"], found["calendar"]) == ("Asia/Shanghai", "CN")
    assert (found["returns"], found["stages"][0]["visits"]) == (0, 1)


async def test_a_return_is_counted_and_its_stage_measured_twice(world: World) -> None:
    pursuit = await suspended_for_two_days(world)
    await pursuit.open_gate()
    await pursuit.advance()
    await pursuit.post("stage-returns", {"to_stage": "initiation", "reason": "换人"})
    found = await durations(pursuit)
    assert [visit["open"] for visit in found["visits"]] == [False, False, True]
    assert found["returns"] == 1
    assert [(one["stage"], one["visits"], one["returns"]) for one in found["stages"]] == [
        ("initiation", 2, 0),
        ("contact", 1, 1),
    ]


async def test_about_a_past_version_the_answer_stays_the_same(world: World) -> None:
    pursuit = await suspended_for_two_days(world)
    version = (await pursuit.card())["version"]
    then = await durations(pursuit, as_of=version - 1)
    assert then["visits"][0]["length"]["suspended_seconds"] > 2 * 86400
    await pursuit.open_gate()
    await pursuit.advance()
    assert await durations(pursuit, as_of=version - 1) == then
    assert len((await durations(pursuit))["visits"]) == 2
