"""The clock on a real database: projects over HTTP, and time that moves when the test says so."""

import asyncio
from typing import Any

import asyncpg
import pytest

from genjin_notifier.clock import Clock
from tests.clock.conftest import MakeClock, Time
from tests.clock.lives import (
    RULES,
    follow_up,
    resume,
    ruled_project,
    suspend,
    told,
    told_types,
)
from tests.control import new_risk
from tests.pursuit import Pursuit, done
from tests.world import World


async def test_a_follow_up_is_told_once_when_its_due_date_has_passed(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    due_on = time.day(2)
    follow_up_id = await follow_up(pursuit, due_on)
    time.pass_days(2)
    await clock.look()
    assert await told(pursuit) == []
    for _ in range(3):
        time.pass_days(1)
        await clock.look()
    [event] = await told(pursuit)
    assert event["data"] == {
        "follow_up_id": follow_up_id,
        "owner_id": world.marketer.id,
        "due_on": due_on,
    }
    assert event["actor"]["type"] == "system"
    assert event["actor"]["name"] == "clock"


async def test_what_was_done_in_time_is_not_told(world: World, clock: Clock, time: Time) -> None:
    pursuit = Pursuit(world, await world.project())
    path = f"{pursuit.path}/follow-ups/{await follow_up(pursuit, time.day(1))}/completion"
    done(await world.marketer.put(path, {"result": "已见面"}))
    time.pass_days(5)
    await clock.look()
    assert await told(pursuit) == []


async def test_a_review_is_told_on_its_day_and_the_next_one_on_its_own(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    risk = await new_risk(pursuit)
    days = [time.day(3), time.day(5)]
    for due_on in days:
        await pursuit.post(f"{risk}/reviews", {"note": "平稳", "next_review_on": due_on})
        for _ in range(3):
            time.pass_days(1)
            await clock.look()
    assert [event["data"]["due_on"] for event in await told(pursuit)] == days


async def test_a_milestone_is_told_once_for_each_time_that_a_day_was_set_and_missed(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    days = [time.day(1), time.day(4), time.day(1)]
    body = {"title": "样机测试通过", "due_on": days[0]}
    milestone = (await pursuit.post("milestones", body))["milestone"]["id"]
    for number in range(9):
        if number in (3, 6):
            moved = {"due_on": days[number // 3], "reason": "业主现场停电"}
            await pursuit.post(f"milestones/{milestone}/reschedulings", moved)
        await clock.look()
        time.pass_days(1)
    assert [event["data"] for event in await told(pursuit)] == [
        {"milestone_id": milestone, "due_on": day} for day in days
    ]


async def test_a_milestone_that_was_reached_dropped_or_moved_in_time_is_not_told(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    ends = {
        "attainments": {"reached_on": time.day(0), "evidence": "测试报告"},
        "cancellations": {"reason": "改为整机采购"},
        "reschedulings": {"due_on": time.day(30), "reason": "测试顺延"},
    }
    for end, body in ends.items():
        made = await pursuit.post("milestones", {"title": end, "due_on": time.day(1)})
        await pursuit.post(f"milestones/{made['milestone']['id']}/{end}", body)
    time.pass_days(5)
    await clock.look()
    assert await told(pursuit) == []


RHYTHMS: list[tuple[str, float, list[tuple[str, dict[str, Any]]]]] = [
    ("stages", 10, []),
    ("stages", 11, [("stage.overstayed", {"stage": "first", "visit": 1, "max_days": 10})]),
    ("silence", 4, []),
    ("silence", 5, [("customer.silent", {"days": 5})]),
    ("cadences", 1, []),
    ("cadences", 2, [("cadence.missed", {"cadence": "log", "turns": 1})]),
]


@pytest.mark.parametrize(("rule", "days", "expected"), RHYTHMS)
async def test_the_limits_of_a_workspace_s_own_template_hold(
    world: World,
    clock: Clock,
    time: Time,
    rule: str,
    days: float,
    expected: list[tuple[str, dict[str, Any]]],
) -> None:
    pursuit = await ruled_project(world, **{rule: RULES[rule]})
    time.pass_days(days)
    await clock.look()
    await clock.look()
    found = [
        (event["type"], {key: event["data"][key] for key in data})
        for event, (_, data) in zip(await told(pursuit), expected, strict=True)
    ]
    assert found == expected


async def test_a_cadence_that_each_holder_owes_tells_who_left_it_out(
    world: World, clock: Clock, time: Time
) -> None:
    each = RULES["cadences"][0] | {"each": True}
    pursuit = await ruled_project(world, cadences=[each])
    body = {"role": "seller", "person_id": world.outsider.id}
    done(await world.owner.post(f"{pursuit.path}/role-holders", body))
    done(await world.marketer.post(f"{pursuit.path}/actuals", {"text": "客户来电"}))
    time.pass_days(2)
    await clock.look()
    [missed] = await told(pursuit)
    assert missed["data"]["missing"] == [world.outsider.id]
    [cadence] = await pursuit.items("cadences")
    assert world.outsider.id in cadence["newest"][0]["missing"]


async def test_an_entry_keeps_a_cadence_and_a_form_breaks_the_silence(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = await ruled_project(world, cadences=RULES["cadences"], silence=RULES["silence"])
    done(await world.marketer.post(f"{pursuit.path}/actuals", {"text": "客户来电"}))
    body = {"values": {}, "complete": True}
    done(await world.marketer.put(f"{pursuit.path}/forms/memo", body))
    time.pass_days(2)
    await clock.look()
    assert await told(pursuit) == []
    time.pass_days(3)
    await clock.look()
    assert await told_types(pursuit) == ["cadence.missed"] * 3 + ["customer.silent"]


async def test_after_a_downtime_each_crossing_is_told_once_and_says_its_date(
    world: World, new_clock: MakeClock, time: Time
) -> None:
    pursuit = await ruled_project(world, cadences=RULES["cadences"])
    begin = time.day(0)
    await new_clock().look()
    time.pass_days(40)
    await new_clock().look()
    await new_clock().look()
    [early, *newest] = [event["data"] for event in await told(pursuit)]
    assert (early["turns"], len(newest)) == (29, 10)
    assert early["period_start"] == begin
    time.pass_days(1)
    await new_clock().look()
    [last] = (await told(pursuit))[11:]
    assert last["data"]["period_start"] > newest[-1]["period_start"]


async def test_two_replicas_at_once_tell_everything_once(
    world: World, new_clock: MakeClock, time: Time
) -> None:
    pursuits = [Pursuit(world, await world.project(f"XM-{number}")) for number in range(4)]
    for pursuit in pursuits:
        for _ in range(3):
            await follow_up(pursuit, time.day(1))
    time.pass_days(3)
    clocks = [new_clock() for _ in range(4)]
    for _ in range(3):
        await asyncio.gather(*(clock.look() for clock in clocks))
    for pursuit in pursuits:
        assert await told_types(pursuit) == ["follow_up.overdue"] * 3


async def test_a_clock_that_was_lost_before_it_noted_its_look_tells_nothing_twice(
    world: World, new_clock: MakeClock, time: Time, forget_looks: Any
) -> None:
    pursuit = await ruled_project(world, **RULES)
    time.pass_to_noon_in(12)
    await new_clock().look()
    once = await told(pursuit)
    assert len(once) == 13
    for days in (0, 0.1):
        time.pass_days(days)
        await forget_looks()
        await new_clock().look()
    assert await told(pursuit) == once


async def test_who_changes_a_project_while_the_clock_reads_it_is_not_overtaken(
    world: World, new_clock: MakeClock, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was found is not told of a project that has moved on: it is looked at again."""
    pursuit = Pursuit(world, await world.project())
    follow_up_id = await follow_up(pursuit, time.day(1))
    time.pass_days(3)
    clock = new_clock()
    append = clock._append

    async def complete_before(*command: Any) -> bool:
        path = f"{pursuit.path}/follow-ups/{follow_up_id}/completion"
        await world.marketer.put(path, {"result": "已见面"})
        return await append(*command)

    monkeypatch.setattr(clock, "_append", complete_before)
    await clock.look()
    await new_clock().look()
    assert await told(pursuit) == []


async def test_a_suspended_project_is_silent_until_it_is_resumed(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    await suspend(pursuit)
    time.pass_days(3)
    await clock.look()
    assert await told(pursuit) == []
    await resume(pursuit)
    await clock.look()
    assert await told_types(pursuit) == ["follow_up.overdue"]


async def test_a_closed_project_is_silent(world: World, clock: Clock, time: Time) -> None:
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    body = {"outcome": "lost", "reason_code": "price", "reason": "报价过高"}
    done(await world.marketer.post(f"{pursuit.path}/closings", body))
    time.pass_days(30)
    await clock.look()
    assert await told(pursuit) == []


async def test_a_project_that_cannot_be_looked_at_costs_the_others_nothing(
    world: World, clock: Clock, time: Time
) -> None:
    strange, sound = [Pursuit(world, await world.project(f"XM-{number}")) for number in range(2)]
    for pursuit in (strange, sound):
        await follow_up(pursuit, time.day(1))
    time.pass_days(3)
    owner = await asyncpg.connect(world.api.database.admin_url)
    rename = "UPDATE genjin.project SET template_key = $2 WHERE id = $1"
    await owner.execute(rename, strange.path.rpartition("/")[2], "gone.1")
    await clock.look()
    assert (await told_types(strange), await told_types(sound)) == ([], ["follow_up.overdue"])
    await owner.execute(rename, strange.path.rpartition("/")[2], "pursuit.8")
    await owner.close()
    await clock.look()
    assert await told_types(strange) == ["follow_up.overdue"]


async def test_the_day_is_the_workspace_s(world: World, clock: Clock, time: Time) -> None:
    """Midnight in Shanghai is 16:00 UTC."""
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    midnight = time.now.replace(hour=16, minute=0, second=0, microsecond=0)
    time.pass_days((midnight - time.now).days + 2)
    while time.day(0) <= (await pursuit.items("follow-ups"))[0]["due_on"]:
        await clock.look()
        assert await told(pursuit) == []
        time.pass_days(1 / 24)
    await clock.look()
    assert await told_types(pursuit) == ["follow_up.overdue"]


async def test_the_clock_moves_the_version_and_nothing_else_of_a_project(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    before = await pursuit.card()
    time.pass_days(3)
    await clock.look()
    assert await pursuit.card() == before | {"version": before["version"] + 1}


async def test_who_insists_on_the_version_before_is_told_of_the_new_one(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    version = (await pursuit.card())["version"]
    time.pass_days(3)
    await clock.look()
    path, body = f"{pursuit.path}/actuals", {"text": "已谈妥"}
    stale = await world.marketer.post(path, body, if_match=f'"{version}"')
    assert stale.status_code == 412
    done(await world.marketer.post(path, body, if_match=f'"{version + 1}"'))


async def test_the_history_is_asked_for_what_is_overdue(
    world: World, clock: Clock, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    follow_up_id = await follow_up(pursuit, time.day(1))
    time.pass_days(3)
    await clock.look()
    for phrase in (
        "type:follow_up.overdue",
        "type:follow_up.* actor_type:system",
        f"subject:{follow_up_id} -type:follow_up.set",
    ):
        answer = done(await world.auditor.get("/v1/events", phrase=phrase)).json()
        assert [event["type"] for event in answer["items"]] == ["follow_up.overdue"], phrase
