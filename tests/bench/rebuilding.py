"""All projections folded anew from a log of projects, written, and compared with the live tables row by row."""

from genjin_api.projections.progress import Progress
from genjin_api.projections.rebuild import Report, open_rebuild
from genjin_api.projections.tables import PROJECTIONS
from tests.bench.ground import Ground
from tests.bench.made_log.writing import make_log
from tests.bench.row import Row
from tests.bench.stopwatch import Stopwatch


async def measure(ground: Ground) -> list[Row]:
    """The first rebuild fills the live tables of a log that was made without them; the others are measured."""
    ground.say("rebuild: making a log")
    database = await ground.database()
    await make_log(database.admin_url, ground.effort.rebuilt_events, seed=11)
    await _rebuild(database.admin_url, switch=True)
    reports, watch = [], Stopwatch()
    for number in range(ground.effort.rounds):
        ground.say(f"rebuild {number + 1}")
        reports.append(await _rebuild(database.admin_url, switch=False))
    taken, events = watch.read(), sum(report.events_read for report in reports)
    different = sum(report.differences for report in reports)
    return [
        Row(
            what=f"rebuild of every projection, {reports[0].events_read:,} events, with the comparison",
            unit="events/s",
            ours=[report.events_read / report.seconds for report in reports],
            aim="20,000/s",
            note=taken.note(events),
            errors={"rows differ": different} if different else {},
        )
    ]


async def _rebuild(url: str, *, switch: bool) -> Report:
    progress = Progress(lambda _now: None)
    async with open_rebuild(url, PROJECTIONS, progress, lasting=True) as rebuild:
        await rebuild.fill()
        report = await rebuild.compare(samples_max=1)
        if switch:
            await rebuild.switch()
    return report
