"""Read models on Postgres: what every commit wrote is what a fold of the whole stream says."""

from itertools import groupby
from typing import Any, get_args

import orjson
import pytest

from genjin.canonical import plain_json
from genjin.catalog import FACTS
from genjin.clock.events import ClockFact
from genjin.event import RecordedEvent
from genjin.log.reading import read_stream
from genjin_api.app import open_services
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.databases import Database
from tests.projects.histories_by_content import a_story, stories, told_of
from tests.projects.replay import replay
from tests.specification import (
    PROJECT_ID,
    WORKSPACE_ID,
)
from tests.world import api_settings

# Of each table what tells its rows apart within a project.
TABLES = {
    "project": ("id",),
    "stage_visit": ("ordinal",),
    "follow_up": ("id",),
    "form": ("form", "copy"),
    "requirement": ("id",),
    "change_request": ("id",),
    "risk": ("id",),
    "milestone": ("id",),
    "metric": ("metric",),
    "finding": ("id",),
    "document": ("id",),
    "project_standing": (),
    "warning": ("id",),
    "project_account": (),
    "stakeholder": ("id",),
}
SILENT = {
    *("workspace", "person", "api_key", "webhook_subscription", "log_key", "audit", "subject"),
    *("template", "account", "contact"),
}
NOT_OF_THIS_PROCESS = {"stage.skipped", "stage.condition_approved", "project.template_migrated"}
OF_THE_CLOCK = {fact.type for fact in get_args(ClockFact)}
# Random histories do not command these, or so seldom that a few do not have them.
RARE = {"project.role_released", "change.withdrawn", "risk.reviewed", "risk.occurred"}
EVERY_KIND = frozenset(
    {kind for kind in FACTS if kind.partition(".")[0] not in SILENT}
    - NOT_OF_THIS_PROCESS
    - OF_THE_CLOCK
    - RARE
)
Table = dict[tuple[Any, ...], dict[str, Any]]


@pytest.mark.parametrize("number", range(4))
async def test_each_row_is_that_of_a_fold_of_the_whole_stream(
    fresh_database: Database, number: int
) -> None:
    story = stories(EVERY_KIND, 160, 4)[number]
    async with open_services(api_settings(fresh_database)) as services:
        await replay(services, story)
        events = await read_stream(services.database, WORKSPACE_ID, f"project-{PROJECT_ID}")
        assert [event.type for event in events] == [fact.type for fact, _ in story.told]
        commits = [list(of) for _, of in groupby(events, key=_request_id)]
        by_commit = await _folded(services, commits)
        at_once = await _folded(services, [events])
        for table, key in TABLES.items():
            stored = await _stored(services, table, key)
            assert stored == by_commit[table], table
            assert stored == at_once[table], table


async def test_a_state_that_was_kept_is_the_one_that_the_log_tells(
    fresh_database: Database,
) -> None:
    story = a_story(frozenset({"risk.identified", "form.completed"}), steps=60)
    settings = api_settings(fresh_database)
    async with open_services(settings) as writing, open_services(settings) as reading:
        await replay(writing, story)
        kept = await writing.states.load(PROJECT, WORKSPACE_ID, PROJECT_ID)
        told = await reading.states.load(PROJECT, WORKSPACE_ID, PROJECT_ID)
        assert kept == told
        assert kept is not None


def test_random_histories_know_every_kind_of_fact_of_a_project() -> None:
    """Lest the comparison above is one of empty tables."""
    told = set[str]().union(*map(told_of, stories(EVERY_KIND, 160, 4)))
    assert not EVERY_KIND - told


async def _folded(services: Services, commits: list[list[RecordedEvent]]) -> dict[str, Table]:
    """The rows of every table after the last commit, each commit folded as a whole."""
    tables: dict[str, Table] = {table: {} for table in TABLES}
    state: Project | None = None
    for commit in commits:
        after = PROJECT.fold(state, commit)
        assert after is not None
        for table, rows in PROJECT.rows(state, after).items():
            for row in await _as_postgres_has_it(services, table, rows):
                tables[table][_key(row, TABLES[table])] = row
        state = after
    return tables


def _request_id(event: RecordedEvent) -> str:
    request_id: str = orjson.loads(event.body)["request_id"]
    return request_id


async def _as_postgres_has_it(
    services: Services, table: str, rows: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    given = plain_json([{"workspace_id": WORKSPACE_ID, **row} for row in rows]).decode()
    populated = f"SELECT to_jsonb(r) FROM jsonb_populate_recordset(NULL::genjin.{table}, $1) r"
    return [orjson.loads(row[0]) for row in await services.database.fetch(populated, given)]


async def _stored(services: Services, table: str, key: tuple[str, ...]) -> Table:
    query = f"SELECT to_jsonb(r) FROM genjin.{table} r WHERE workspace_id = $1"
    rows = [orjson.loads(row[0]) for row in await services.database.fetch(query, WORKSPACE_ID)]
    return {_key(row, key): row for row in rows}


def _key(row: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(row[name] for name in names)
