"""A project that is followed by daily reports and meetings, over HTTP."""

from tests.end_to_end.processes.walker import Walk
from tests.world import World

SETTLED = {"deviations": [{"deviation": "土建滞后五天", "status": "settled"}]}


async def test_reports_of_every_member_and_settled_deviations_lead_to_the_lessons(
    world: World,
) -> None:
    walk = await Walk.begin(world, "progress.regulation")
    await walk.fulfil()
    await walk.advance()
    assert ("form_missing", "daily_report") in await walk.blockers()
    await walk.fulfil()
    assert await walk.blockers() == {("condition_not_met", "meeting_c2")}
    await walk.complete("tracking_meeting", SETTLED)
    await walk.judge("pm")
    await walk.advance()
    await walk.fulfil()
    closed = await walk.close("completed", "member")
    assert closed["project"]["closing"]["outcome"] == "completed"
