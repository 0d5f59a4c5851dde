"""A follow-up is late by the day on which it was done, not by the day on which somebody wrote it down."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("done_days_ago", "days_late"),
    [(3, 0), (2, 0), (1, 1), (None, 2)],
    ids=["before", "on", "after", "now"],
)
async def test_lateness_counts_to_the_day_on_which_it_was_done(
    world: World, done_days_ago: int | None, days_late: int
) -> None:
    noon = datetime.now(SHANGHAI).replace(hour=12, minute=0, second=0, microsecond=0)
    begun = (noon - timedelta(days=9)).astimezone(UTC).isoformat()
    path = await world.project(f"XM-LATE-{done_days_ago}", occurred_at=begun)
    body = {
        "role": "marketer",
        "action": "补齐资质文件",
        "owner_id": world.dept_head.id,
        "due_on": (noon - timedelta(days=2)).date().isoformat(),
    }
    made = await world.marketer.post(f"{path}/follow-ups", body)
    completion = {"result": "已补齐"}
    if done_days_ago is not None:
        done_at = (noon - timedelta(days=done_days_ago)).astimezone(UTC)
        completion["occurred_at"] = done_at.isoformat()
    follow_up = f"{path}/follow-ups/{made.json()['follow_up']['id']}/completion"
    done = await world.dept_head.put(follow_up, completion)
    assert done.json()["follow_up"]["days_late"] == days_late
