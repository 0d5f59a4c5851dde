"""as_of=2026-11-22: the end of that day where the workspace is, or now while it is not over."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from genjin_api.past.points import end_of_day
from tests.api_process import ApiProcess
from tests.http.asserting import assert_problem, newest_position
from tests.http.test_pages import walk
from tests.past.record import LISTS
from tests.pursuit import Pursuit, done
from tests.world import World, make_world

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY, TICK = timedelta(days=1), timedelta(microseconds=1)
# Each of them has a day that begins twice, or not at midnight, or not at all.
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/Sao_Paulo", "Atlantic/Azores", "Pacific/Apia")


@settings(deadline=None)
@given(st.sampled_from(ZONES), st.dates(date(1995, 1, 1), date(2030, 12, 31)))
def test_the_end_of_a_day_is_the_last_moment_before_the_next_begins(zone: str, day: date) -> None:
    end = end_of_day(day, zone)
    here = ZoneInfo(zone)
    assert end.astimezone(here).date() <= day < (end + TICK).astimezone(here).date()


def test_days_end_at_midnight_of_the_workspace() -> None:
    end = end_of_day(date(2026, 3, 15), "Asia/Shanghai")
    assert end == datetime(2026, 3, 15, 15, 59, 59, 999999, UTC)


@dataclass(frozen=True, slots=True)
class Aged:
    """A project whose region was changed over some days, the last time today. began is the day of its creation."""

    pursuit: Pursuit
    began: date
    versions: dict[str, int]

    def day(self, after: int) -> str:
        return (self.began + after * DAY).isoformat()

    async def ask(self, path: str, /, **query: Any) -> httpx.Response:
        return await self.pursuit.world.auditor.get(f"{self.pursuit.path}{path}", **query)


async def put_back(world: World, last_position: int, moment: datetime) -> None:
    """As if the log's events up to a position, that are not older, had been recorded at a moment."""
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        async with owner.transaction():
            await owner.execute("SET LOCAL session_replication_role = replica")
            for table, column in (("event", "position"), ("commit", "last_position")):
                await owner.execute(
                    f"UPDATE genjin.{table} SET recorded_at = $3"
                    f" WHERE workspace_id = $1 AND {column} <= $2 AND recorded_at > $3",
                    world.workspace_id,
                    last_position,
                    moment,
                )
    finally:
        await owner.close()


@pytest.fixture(scope="module")
async def aged(api: ApiProcess) -> AsyncIterator[Aged]:
    async with make_world(api) as world:
        pursuit = Pursuit(world, await world.project("XM-DAYS", region="甲"))
        began = datetime.now(SHANGHAI).date() - 4 * DAY
        midnights = [datetime.combine(began + n * DAY, time.min, SHANGHAI) for n in range(5)]
        moments = {
            "甲": midnights[1] - TICK,
            "乙": midnights[2],
            "丙": midnights[3] - TICK,
            "丁": midnights[3],
        }
        places, versions = {"甲": await newest_position(world)}, {}
        versions["甲"] = (await pursuit.card())["version"]
        for region in "乙丙丁戊":
            body = {"header": {"region": region}}
            done(await world.marketer.patch(pursuit.path, body))
            places[region] = await newest_position(world)
            versions[region] = (await pursuit.card())["version"]
        for region, moment in reversed(moments.items()):
            await put_back(world, places[region], moment)
        yield Aged(pursuit, began, versions)


@pytest.mark.parametrize(
    ("after", "region"), [(0, "甲"), (1, "甲"), (2, "丙"), (3, "丁"), (4, "戊")]
)
async def test_a_day_shows_what_was_recorded_by_its_last_microsecond(
    aged: Aged, after: int, region: str
) -> None:
    """Day 1 without any event; day 2 with one at its first and one at its last moment; day 4 is today."""
    card = done(await aged.ask("", as_of=aged.day(after)))
    assert card.json()["header"]["region"] == region
    assert card.headers["etag"] == f'"{aged.versions[region]}"'


async def test_every_read_takes_a_day(aged: Aged) -> None:
    for path in ("", *(f"/{name}" for name in LISTS)):
        by_day = done(await aged.ask(path, as_of=aged.day(2)))
        by_version = done(await aged.ask(path, as_of=aged.versions["丙"]))
        assert by_day.json() == by_version.json(), path
        assert by_day.headers["etag"] == by_version.headers["etag"]


async def test_before_the_day_of_its_creation_there_is_no_project(aged: Aged) -> None:
    assert_problem(await aged.ask("", as_of=aged.day(-1)), 404, "not_found")


async def test_a_day_that_has_not_begun_is_refused_and_the_day_of_the_workspace_told(
    aged: Aged,
) -> None:
    for path, name in (("", "as_of"), ("/blame", "as_of"), ("/diff", "from"), ("/diff", "to")):
        answer = await aged.ask(path, **{name: aged.day(6)})
        body = assert_problem(answer, 400, "point_in_future", f"?{name}")
        assert "Asia/Shanghai" in body["detail"]


async def test_an_answer_about_a_day_that_is_over_may_be_kept_and_one_about_today_not(
    aged: Aged,
) -> None:
    for path in ("", "/stages", "/state", "/blame"):
        over = done(await aged.ask(path, as_of=aged.day(3)))
        assert "immutable" in over.headers["cache-control"]
        today = done(await aged.ask(path, as_of=aged.day(4)))
        assert today.headers["cache-control"] == "private, no-store"
    for points, kept in (((2, 3), True), ((4, 3), False), ((3, 4), False)):
        query = dict(zip(("from", "to"), map(aged.day, points), strict=True))
        answer = done(await aged.ask("/diff", **query))
        assert ("immutable" in answer.headers["cache-control"]) is kept


async def test_what_lies_between_two_days_is_what_lies_between_their_ends(aged: Aged) -> None:
    diff = done(await aged.ask("/diff", **{"from": aged.day(1), "to": aged.day(2)})).json()
    assert [(line["before"], line["after"]) for line in diff["lines"]] == [("甲", "丙")]
    ends = [end_of_day(aged.began + n * DAY, "Asia/Shanghai") for n in (1, 2)]
    assert [datetime.fromisoformat(diff[name]["at"]) for name in ("from", "to")] == ends


async def test_blame_of_a_day_knows_who_had_set_a_field_by_then(aged: Aged) -> None:
    answer = done(await aged.ask("/blame", path="/header/region", as_of=aged.day(2)))
    [item] = answer.json()["items"]
    assert (item["value"], item["version"]) == ("丙", aged.versions["丙"])


async def test_the_walk_through_the_blame_of_today_stays_where_it_began(aged: Aged) -> None:
    world, pursuit = aged.pursuit.world, aged.pursuit
    begun = (await pursuit.card())["version"]

    async def write() -> None:
        done(await world.marketer.patch(pursuit.path, {"header": {"quoter": "王芳"}}))
        done(await world.marketer.patch(pursuit.path, {"header": {"quoter": None}}))

    today = aged.day(4)
    found = await walk(world.auditor, f"{pursuit.path}/blame", write, limit=9, as_of=today)
    assert len(found) > 20
    assert max(item["version"] for item in found) == begun
    assert (await pursuit.card())["version"] > begun


async def test_the_portfolio_on_a_date_is_filtered_by_what_was_so_on_that_day(aged: Aged) -> None:
    world = aged.pursuit.world
    for after, region in ((-1, ""), (0, "甲"), (1, "甲"), (2, "丙"), (3, "丁"), (4, "戊")):
        for asked in "甲乙丙丁戊":
            query = {"as_of": aged.day(after), "region": asked}
            answer = done(await world.auditor.get("/v1/projects", **query))
            found = [item["header"]["region"] for item in answer.json()["items"]]
            assert found == ([asked] if asked == region else []), query
            kept = "immutable" in answer.headers["cache-control"]
            assert kept is (after < 4)


@pytest.mark.parametrize("sort", ["code", "created_at", "-created_at"])
async def test_the_pages_of_todays_portfolio_are_of_one_moment(world: World, sort: str) -> None:
    """Whatever happens between two of them: projects come, and leave the filter."""
    paths = [await world.project(f"XM-{number}", region="华东") for number in range(4)]
    today = datetime.now(SHANGHAI).date().isoformat()
    query = {"as_of": today, "region": "华东", "sort": sort, "limit": 1}
    wanted = await walk(world.auditor, "/v1/projects", **query)
    numbers = iter(range(4))
    positions = []

    async def write() -> None:
        number = next(numbers)
        done(await world.marketer.patch(paths[-1 - number], {"header": {"region": "华北"}}))
        await world.project(f"XM-{number}-NEW", region="华东")

    assert await walk(world.auditor, "/v1/projects", write, **query) == wanted
    assert len(wanted) == 4
    page = await world.auditor.get("/v1/projects", **query)
    while cursor := page.json()["next_cursor"]:
        positions.append(page.headers["genjin-position"])
        await world.project(f"XM-{len(positions)}-LATER")
        page = await world.auditor.get("/v1/projects", **query, cursor=cursor)
    assert len(positions) > 1
    assert set(positions) == {page.headers["genjin-position"]}
