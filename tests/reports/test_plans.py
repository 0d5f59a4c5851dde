"""How Postgres finds what reports count: by an index, however much the other workspaces of the tables have."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import asyncpg
import orjson
import pytest

from genjin_api.reports.asking import Asked
from genjin_api.snapshots import Snapshots
from genjin_api.state_cache import StateCache
from genjin_api.states import States
from genjin_api.templates.library import Library
from tests.bench.made_portfolio.writing import make_portfolio
from tests.bench.reports import SINCE, UNTIL, questions
from tests.databases import Database

# Large beside a page. Suspensions, people and templates are few.
LARGE = {
    *("stage_entry", "stage_exit", "judgement"),
    *("project", "project_standing", "project_standing_past", "follow_up", "follow_up_past"),
}
Asked_ = list[tuple[str, tuple[Any, ...]]]


@pytest.fixture
def asked_for() -> Asked_:
    """The statements that were sent, with their values."""
    return []


@pytest.fixture
async def pool(fresh_database: Database, asked_for: Asked_) -> AsyncIterator[asyncpg.Pool]:
    async def listen(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(lambda sent: asked_for.append((sent.query, sent.args)))

    url = fresh_database.admin_url
    async with asyncpg.create_pool(url, min_size=1, max_size=1, init=listen) as made:
        yield made


async def test_no_report_reads_the_rows_of_other_workspaces(
    pool: asyncpg.Pool, fresh_database: Database, asked_for: Asked_
) -> None:
    """Of 4,100 projects 100 are asked about; where a table is read from end to end, no index would have led there."""
    await make_portfolio(fresh_database.admin_url, 4000, variants=50)
    made = await make_portfolio(fresh_database.admin_url, 100, variants=50)
    states = States(pool, Snapshots(pool), StateCache(bytes_max=2**20))
    whole = Asked()
    kinds = {
        "whole": whole,
        "narrowed": replace(whole, since=SINCE, until=UNTIL, department="department 7"),
        "of the past": replace(whole, position=made.middle),
    }
    read, met = set(), set()
    for name, question in questions(Library(pool, states)).items():
        for kind, asked in kinds.items():
            asked_for.clear()
            await question(pool, made, asked)
            for query, values in [sent for sent in asked_for if "genjin." in sent[0]]:
                nodes = list(_nodes(await _plan(pool, query, values)))
                met |= {node.get("Index Name") for node in nodes}
                read |= {
                    (name, kind, node["Relation Name"])
                    for node in nodes
                    if node["Node Type"] == "Seq Scan" and node["Relation Name"] in LARGE
                }
    assert not read
    assert met >= {"stage_entry_again", "project_standing_past_pkey", "judgement_by_time"}, met


async def _plan(pool: asyncpg.Pool, query: str, values: tuple[Any, ...]) -> Any:
    text = await pool.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *values)
    return orjson.loads(text)[0]["Plan"]


def _nodes(plan: Any) -> Iterator[Any]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)
