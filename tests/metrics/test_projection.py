"""The values of metrics on Postgres: what every commit wrote is what a fold of the whole stream says."""

from typing import Any

import orjson

from genjin.log.reading import read_stream
from genjin_api.app import open_services
from genjin_api.projections.content import content_hash
from genjin_api.projects.projection import PROJECT
from tests.databases import Database
from tests.projects.histories_by_content import a_story
from tests.projects.replay import replay
from tests.specification import PROJECT_ID, WORKSPACE_ID
from tests.world import api_settings

KEY = ("workspace_id", "project_id", "metric", "recorded_on", "version")
KINDS = frozenset({"metric.recorded", "metric.target_set"})
STORED = "SELECT to_jsonb(v)::text AS row FROM genjin.metric_value v WHERE workspace_id = $1"


async def test_every_recorded_value_has_its_row(fresh_database: Database) -> None:
    async with open_services(api_settings(fresh_database)) as services:
        await replay(services, a_story(KINDS, steps=160))
        events = await read_stream(services.database, WORKSPACE_ID, f"project-{PROJECT_ID}")
        stored = [
            orjson.loads(row["row"]) for row in await services.database.fetch(STORED, WORKSPACE_ID)
        ]
    recorded = {
        event.version: orjson.loads(event.body)["data"]
        for event in events
        if event.type == "metric.recorded"
    }
    assert len(recorded) > 5
    assert {row["version"]: _said(row) for row in stored} == {
        version: (data["metric"], data["value"], data["on"]) for version, data in recorded.items()
    }
    _, past = PROJECT.fold_with_past(None, events)
    folded = [{"workspace_id": WORKSPACE_ID, **row} for row in past["metric_value"]]
    assert content_hash(folded, KEY) == content_hash(stored, KEY)


def _said(row: dict[str, Any]) -> tuple[str, float, str]:
    assert row["body"]["value"] == row["value"]
    return row["metric"], row["value"], row["recorded_on"]
