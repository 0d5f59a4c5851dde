"""Metrics over HTTP, in a process of the workspace's own that has some."""

from typing import Any

from tests.http.asserting import assert_problem, nothing_written
from tests.pursuit import Pursuit, done
from tests.small_registers import METRIC, record, small_project
from tests.world import World

VALUES = [(70.0, "2026-01-31"), (86.5, "2026-03-31"), (80.0, "2026-02-28"), (88.0, "2026-03-31")]
VALUE = {"value": 86.5, "on": "2026-03-31"}
TARGET = {"target": 90, "reason": "合同要求更高"}


async def read_all(pursuit: Pursuit, limit: int, **query: Any) -> list[float]:
    """Page by page, by the links."""
    path = f"{pursuit.path}/metrics/{METRIC}/values"
    answer = done(await pursuit.world.auditor.get(path, limit=limit, **query))
    found = [item["value"] for item in answer.json()["items"]]
    while answer.json()["next_cursor"]:
        answer = done(await pursuit.world.auditor.client.get(answer.links["next"]["url"]))
        assert len(answer.json()["items"]) <= limit
        found += [item["value"] for item in answer.json()["items"]]
    return found


async def test_a_metric_is_listed_with_the_value_of_its_latest_day(world: World) -> None:
    pursuit = await small_project(world)
    await record(pursuit, *VALUES)
    answered = (await pursuit.post(f"metrics/{METRIC}/targets", TARGET))["metric"]
    [metric] = await pursuit.items("metrics")
    assert metric == answered
    assert (metric["key"], metric["count"], metric["target"]) == (METRIC, 4, 90.0)
    newest = metric["newest"]
    assert (newest["value"], newest["on"]) == (88.0, "2026-03-31")
    assert newest["recorder_name"] == world.marketer.name
    assert set(metric) == {"key", "count", "newest", "target", "target_reason"}


async def test_all_values_come_page_by_page_the_latest_day_first(world: World) -> None:
    pursuit = await small_project(world)
    assert await read_all(pursuit, 10) == []
    await record(pursuit, *VALUES)
    for limit in (1, 2, 3, 4, 200):
        assert await read_all(pursuit, limit) == [88.0, 86.5, 80.0, 70.0]


async def test_values_are_those_that_were_recorded_by_a_point_of_the_past(world: World) -> None:
    pursuit = await small_project(world)
    version = (await pursuit.card())["version"]
    await record(pursuit, *VALUES)
    for count in range(len(VALUES) + 1):
        known = [value for value, _day in VALUES[:count]]
        assert sorted(await read_all(pursuit, 2, as_of=version + count)) == sorted(known)
        listed = await pursuit.items("metrics", as_of=version + count)
        assert [metric["count"] for metric in listed] == ([count] if count else [])
    path = f"{pursuit.path}/metrics/{METRIC}/values"
    then = done(await world.auditor.get(path, as_of=version + 2))
    assert "immutable" in then.headers["cache-control"]
    assert then.headers["etag"] == f'"{version + 2}"'


async def test_a_cursor_is_good_for_the_list_it_came_from_alone(world: World) -> None:
    pursuit = await small_project(world)
    await record(pursuit, *VALUES)
    path = f"{pursuit.path}/metrics/{METRIC}/values"
    cursor = done(await world.marketer.get(path, limit=1)).json()["next_cursor"]
    version = (await pursuit.card())["version"]
    for query in ({"cursor": f"{cursor}x"}, {"cursor": cursor, "as_of": version}):
        assert_problem(await world.marketer.get(path, **query), 400, "cursor_invalid")


async def test_a_metric_that_the_template_does_not_have_is_not_there(world: World) -> None:
    pursuit = Pursuit(world, await world.project())
    path = f"{pursuit.path}/metrics/{METRIC}"
    assert await pursuit.items("metrics") == []
    assert_problem(await world.marketer.get(f"{path}/values"), 404, "not_found")
    async with nothing_written(world):
        assert_problem(await world.marketer.post(f"{path}/values", VALUE), 404, "not_found")
        assert_problem(await world.marketer.post(f"{path}/targets", TARGET), 404, "not_found")


async def test_a_value_is_recorded_by_whom_the_template_names(world: World) -> None:
    pursuit = await small_project(world)
    path = f"{pursuit.path}/metrics/{METRIC}/values"
    done(await world.sales_manager.post(path, VALUE))
    assert_problem(await world.dept_head.post(path, VALUE), 403, "role_not_allowed")


async def test_a_value_that_is_no_number_is_refused_in_its_place(world: World) -> None:
    path = f"{await world.project()}/metrics/{METRIC}/values"
    for value in ("86.5", True, None, 1e300):
        answer = await world.marketer.post(path, {**VALUE, "value": value})
        assert_problem(answer, 422, "validation_failed", "/value")


async def test_the_events_of_a_metric_are_found_by_its_key(world: World) -> None:
    pursuit = await small_project(world)
    await record(pursuit, *VALUES[:2])
    await pursuit.post("metrics/overrun/values", VALUE)
    events = await pursuit.items("events", subject=METRIC)
    assert [event["data"]["value"] for event in events] == [70.0, 86.5]


async def test_a_gate_stays_closed_until_the_metric_is_in_its_band(world: World) -> None:
    condition = {"key": "m", "kind": "metric", "metric": METRIC, "expr": "value >= target"}
    pursuit = await small_project(world, condition)
    await record(pursuit, VALUES[0])
    [blocker] = [one for one in (await pursuit.gate())["blockers"] if one["subject"] == "m"]
    found = {"value": 70.0, "target": 80.0, "recorded_on": "2026-01-31"}
    assert blocker == {"code": "metric_out_of_band", "subject": "m", "value": found}
    await record(pursuit, VALUES[1])
    assert "m" not in {one["subject"] for one in (await pursuit.gate())["blockers"]}
