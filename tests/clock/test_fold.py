"""What the clock told is in the log as everything else: tables are folded from it, and it is delivered."""

from pathlib import Path
from uuid import UUID

from genjin_notifier.clock import Clock
from tests.clock.conftest import Time
from tests.clock.lives import RULES, follow_up, ruled_project, told
from tests.end_to_end.conftest import notifier_process
from tests.end_to_end.test_pursuit_becomes_webhooks import subscribe
from tests.notifier.receiver import Receiver, until
from tests.projections.filled import Installation
from tests.pursuit import Pursuit, done
from tests.world import World


async def test_a_rebuild_finds_the_rows_as_the_clock_left_them(
    world: World, clock: Clock, time: Time, tmp_path: Path
) -> None:
    pursuit = await ruled_project(world, **RULES)
    other = Pursuit(world, await world.project("XM-7"))
    await follow_up(other, time.day(1))
    time.pass_days(20)
    await clock.look()
    assert len(await told(pursuit)) > 10
    installation = Installation(world.api.database, tmp_path)
    verified = await installation.projections("verify")
    assert verified.exit_code == 0, verified.out
    rebuilt = await installation.projections("rebuild", "--report", "r.json")
    assert rebuilt.exit_code == 0, rebuilt.err


async def test_people_go_on_where_the_clock_has_told_something(
    world: World, clock: Clock, time: Time
) -> None:
    """Also those whose process has a state of before in its memory."""
    pursuit = Pursuit(world, await world.project())
    await follow_up(pursuit, time.day(1))
    time.pass_days(3)
    await clock.look()
    version = (await pursuit.card())["version"]
    done(await world.marketer.post(f"{pursuit.path}/actuals", {"text": "已谈妥"}))
    assert (await pursuit.card())["version"] == version + 1
    [event] = await told(pursuit)
    project = done(await world.auditor.get(f"{pursuit.path}?as_of=@{event['position']}")).json()
    assert project["version"] == event["version"]


async def test_what_is_overdue_is_delivered_once(
    world: World, receiver: Receiver, tmp_path: Path, time: Time
) -> None:
    """By the notifier as it runs, with the time that it is: the follow-up was due yesterday."""
    await subscribe(world, receiver, ["follow_up.overdue"])
    pursuit = Pursuit(world, await world.project())
    follow_up_id = await follow_up(pursuit, time.day(-1))
    settings = {"GENJIN_CLOCK_SECONDS": "0.05"}
    for _ in range(2):
        async with notifier_process(
            world.api.database, tmp_path / "notifier.log", **settings
        ) as notifier:
            await until(lambda: len(receiver.accepted) >= 1)
            notifier.kill()
    [arrived] = receiver.accepted
    assert arrived.event["data"]["follow_up_id"] == follow_up_id
    [event] = await told(pursuit)
    assert UUID(arrived.event["id"]) == UUID(event["id"])
