"""A project that is followed by daily reports and meetings, over HTTP."""

from tests.end_to_end.processes.walker import Walk
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import Person, World

DAILY_MISSING = ("condition_not_met", "daily_report_c1")
SETTLED = {"deviations": [{"deviation": "土建滞后五天", "status": "settled"}]}


async def _daily_report(walk: Walk, person: Person) -> None:
    """A copy of their own."""
    number = walk.saved["daily_report"] = walk.saved.get("daily_report", 0) + 1
    values = valid_values(walk.template.forms["daily_report"].json_schema)
    body = {"values": values, "complete": True, "copy_number": number}
    done(await person.put(f"{walk.path}/forms/daily_report", body))


async def _every_member_reports(walk: Walk, *members: Person) -> None:
    for person in members:
        assert DAILY_MISSING in await walk.blockers()
        await _daily_report(walk, person)
    assert DAILY_MISSING not in await walk.blockers()


async def test_reports_of_every_member_and_settled_deviations_lead_to_the_lessons(
    world: World,
) -> None:
    walk = await Walk.begin(world, "progress.regulation")
    member, another = walk.people["member"], world.outsider
    assert another.id != member.id
    body = {"role": "member", "person_id": another.id}
    done(await world.owner.post(f"{walk.path}/role-holders", body))
    await walk.fulfil()
    await walk.advance()
    assert ("form_missing", "daily_report") in await walk.blockers()
    await _every_member_reports(walk, member, another)
    await walk.fulfil()
    assert await walk.blockers() == {("condition_not_met", "meeting_c2")}
    await walk.complete("tracking_meeting", SETTLED)
    await walk.judge("pm")
    await walk.advance()
    await walk.fulfil()
    closed = await walk.close("completed", "member")
    assert closed["project"]["closing"]["outcome"] == "completed"
