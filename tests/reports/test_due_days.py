"""A stage is overdue in reports when the clock says that it was overstayed: random suspensions, by both."""

import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg

from genjin.clock.crossings import of_rhythm
from genjin.clock.events import StageOverstayed
from genjin.clock.life import Happening, life_of
from genjin_api.reports.asking import ask
from genjin_api.reports.due_days import due_on
from tests.clock.test_crossings import CHINA, LIMITED
from tests.databases import Database

WORKSPACE, ZONE, PROJECTS = UUID(int=0xA), "Asia/Shanghai", 200
BEGUN = datetime(2026, 3, 2, 15, tzinfo=UTC)  # before midnight in Shanghai, an hour on it is after
Spans = list[tuple[datetime, datetime]]


def _life(chance: random.Random) -> tuple[datetime, Spans]:
    """When the stage was entered, and the suspensions before and since: often of the same day, or hours apart."""
    at, spans = BEGUN, Spans()
    entered_before, entered = chance.randrange(3), BEGUN
    for number in range(chance.randrange(5)):
        if number == entered_before:
            entered = at
        since = at + timedelta(hours=chance.choice((1, 5, 30, 200)))
        at = since + timedelta(hours=chance.choice((1, 5, 30, 400)))
        spans.append((since, at))
    return entered, spans


def _by_the_clock(entered: datetime, spans: Spans) -> date:
    def happened(type_: str, at: datetime, stage: str = "") -> tuple[datetime, Happening]:
        return at, Happening(type_, at.astimezone(ZoneInfo(ZONE)).date(), stage, 1)

    told = [happened("project.created", BEGUN), happened("stage.entered", entered, "first")]
    for since, ended in spans:
        told += [happened("project.suspended", since), happened("project.resumed", ended)]
    life = life_of([one for _, one in sorted(told, key=lambda one: one[0])])
    [crossing] = of_rhythm(life, LIMITED, date(2030, 1, 1), CHINA)
    assert isinstance(crossing.fact, StageOverstayed)
    return crossing.fact.due_on


async def test_a_stage_is_due_on_the_day_that_the_clock_takes(fresh_database: Database) -> None:
    chance = random.Random(20)
    lives = {UUID(int=number): _life(chance) for number in range(1, PROJECTS)}
    rows: list[tuple[Any, ...]] = []
    for project, (_, spans) in lives.items():
        for since, ended in spans:
            for ended_at in (None, ended):
                rows.append((WORKSPACE, project, len(rows), 1, since, ended_at))
        rows.append((WORKSPACE, project, len(rows), 9, BEGUN, BEGUN + timedelta(days=99)))
    async with asyncpg.create_pool(fresh_database.admin_url, min_size=1, max_size=1) as pool:
        await pool.copy_records_to_table("suspension", schema_name="genjin", records=rows)
        query = f"""SELECT project_id, {due_on("p", "30")} AS due_on, {due_on("p", "NULL::int")} AS never
                      FROM unnest(:projects::uuid[], :entered::timestamptz[]) AS p (project_id, entered_at)"""
        entered = [at for at, _ in lives.values()]
        values = {"projects": list(lives), "entered": entered, "workspace": WORKSPACE}
        found = await ask(pool, query, {**values, "position": 5, "time_zone": ZONE})
    assert {row["never"] for row in found} == {None}
    told = {row["project_id"]: row["due_on"] for row in found}
    assert told == {project: _by_the_clock(*life) for project, life in lives.items()}
    assert len({told[project] - life[0].date() for project, life in lives.items()}) > 10
