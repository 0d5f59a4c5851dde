"""kill -9 of the notifier while it tells what the clock brings: before the append, after it, and before it has noted
that it looked. In the end each crossing is in the log once, and was delivered.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.api_process import api_process
from tests.clock.lives import follow_up, told
from tests.databases import Database
from tests.end_to_end.conftest import notifier_process
from tests.end_to_end.notifier_kills import QUICK, killed_at
from tests.end_to_end.test_pursuit_becomes_webhooks import subscribe
from tests.notifier.receiver import Receiver, until
from tests.pursuit import Pursuit
from tests.world import make_world

APPEND = b"genjin_clock.tell"
# What one connection has asked for when the process is killed: the statement alone; the statement with its values,
# which is done and nobody hears of it; the note that comes after it.
MOMENTS: tuple[tuple[bytes, ...], ...] = (
    (APPEND,),
    (APPEND, b"follow_up.overdue"),
    (b"INSERT INTO genjin.clock_look",),
)
ROUNDS = 2

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]


async def test_killed_at_any_step_it_tells_every_crossing_once(
    fresh_database: Database, receiver: Receiver, tmp_path: Path
) -> None:
    due_on = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    async with (
        api_process(fresh_database, tmp_path / "api.log") as api,
        make_world(api) as world,
    ):
        await subscribe(world, receiver, ["follow_up.*"])
        pursuit = Pursuit(world, await world.project())
        expected = []
        for markers in MOMENTS * ROUNDS:
            expected.append(await follow_up(pursuit, due_on))
            await killed_at(markers, fresh_database, tmp_path)
        async with notifier_process(fresh_database, tmp_path / "notifier.log", **QUICK):
            await until(lambda: len(_overdue(receiver)) == len(expected))
        events = await told(pursuit)
    assert sorted(event["data"]["follow_up_id"] for event in events) == sorted(expected)
    assert _overdue(receiver).keys() == {event["id"] for event in events}


def _overdue(receiver: Receiver) -> Counter[str]:
    """By the event's id, for a delivery of which nobody heard comes again."""
    return Counter(
        each.event["id"] for each in receiver.accepted if each.event["type"] == "follow_up.overdue"
    )
