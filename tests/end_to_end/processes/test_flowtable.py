"""The flow table from its content to its use: the project manager confirms it as it stands, and again when adjusted."""

from collections.abc import Iterable
from typing import Any

from tests.end_to_end.processes.walker import Walk
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import World

TASKS = ("phase", "task", "goal", "result")
DATES = ("owner", "starts_on", "ends_on", "standard")


async def _save_columns(walk: Walk, columns: Iterable[str], **body: Any) -> None:
    row = valid_values(walk.template.forms["flow_table"].json_schema)["rows"][0]
    values = {"rows": [{column: row[column] for column in columns}]}
    path = f"{walk.path}/forms/flow_table"
    done(await walk.people["member"].put(path, {"values": values, **body}))


async def _step(walk: Walk) -> None:
    await walk.fulfil()
    await walk.advance()


async def test_the_table_is_used_as_confirmed_and_confirmed_anew_when_adjusted(
    world: World,
) -> None:
    walk = await Walk.begin(world, "flowtable")
    await _step(walk)
    await _save_columns(walk, TASKS)
    await _step(walk)
    assert {("condition_not_met", "c1"), ("condition_not_met", "c2")} <= await walk.blockers()
    await _save_columns(walk, (*TASKS, *DATES))
    await _step(walk)
    await _step(walk)
    assert ("approval_missing", "confirmed") in await walk.blockers()
    await _step(walk)
    await walk.fulfil()
    assert await walk.blockers() == set()
    columns = (*TASKS, *DATES, "completion")
    await _save_columns(walk, columns, complete=True, reason="按实际情况调整")
    assert ("approval_missing", "confirmed") in await walk.blockers()
    await walk.approve("confirmed", "project_owner")
    await walk.judge("pm")
    await walk.close("completed", "pm")
    assert (await walk.card())["status"] == "closed"
