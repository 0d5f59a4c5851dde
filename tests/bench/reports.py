"""Questions to a large portfolio, as the API answers them without HTTP: whole, narrowed, and of the past."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import asyncpg

from genjin.postgres import create_pool
from genjin.templates.catalog import shipped
from genjin.working_days import working_days
from genjin_api.reports import (
    calibration,
    conversion,
    disagreement,
    groups,
    overrides,
    stage_durations,
    waiting,
    win_rate,
)
from genjin_api.reports.asking import Asked
from genjin_api.reports.stages import Stages
from genjin_api.reports.waiting_patterns import Waiting
from genjin_api.snapshots import Snapshots
from genjin_api.state_cache import StateCache
from genjin_api.states import States
from genjin_api.templates.library import Library
from tests.bench.arithmetic import percentile
from tests.bench.ground import Ground
from tests.bench.made_portfolio.writing import MadePortfolio, make_portfolio
from tests.bench.row import Row

ZONE = "Asia/Shanghai"
NOW = datetime(2026, 6, 1, tzinfo=UTC)
SINCE, UNTIL = datetime(2025, 5, 1, tzinfo=UTC), datetime(2025, 6, 1, tzinfo=UTC)
STAGES = Stages(shipped())
PEOPLE_SHOWN = 50
NEIGHBOUR_SHARE = 5  # a second workspace is so many times smaller
AIM = "under 1,000 ms"

Question = Callable[[asyncpg.Pool, MadePortfolio, Asked], Awaitable[Any]]


async def _board(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    return await groups.running_projects(pool, made.workspace_id, asked)


async def _conversion(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    found = await conversion.fates(pool, made.workspace_id, asked, "entry", ZONE, by_month=True)
    return conversion.conversion(found, STAGES)


async def _durations(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    days = working_days("CN")
    calendar = await stage_durations.calendar_of(pool, made.workspace_id, NOW, ZONE, days)
    return await stage_durations.durations(pool, made.workspace_id, asked, calendar, NOW)


async def _win_rate(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    found = await win_rate.ended_projects(pool, made.workspace_id, asked)
    return win_rate.win_rate(found, STAGES.versions)


async def _overrides(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    return overrides.overrides(await overrides.passed_gates(pool, made.workspace_id, asked), STAGES)


async def _disagreement(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    return disagreement.disagreement(await disagreement.spoken(pool, made.workspace_id, asked))


async def _calibration(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
    found = await calibration.first_words(pool, made.workspace_id, asked)
    return calibration.calibration(found, STAGES.versions, PEOPLE_SHOWN)


def _waiting(library: Library, *, mine: bool) -> Question:
    async def answer(pool: asyncpg.Pool, made: MadePortfolio, asked: Asked) -> Any:
        person = made.person_id if mine else None
        question = Waiting(made.workspace_id, asked, person, NOW.date(), ZONE)
        return await waiting.who_is_waited_for(pool, library, question, PEOPLE_SHOWN)

    return answer


def questions(library: Library) -> dict[str, Question]:
    return {
        "board and pipeline": _board,
        "stage conversion": _conversion,
        "stage durations": _durations,
        "win rate": _win_rate,
        "overrides": _overrides,
        "disagreement": _disagreement,
        "calibration": _calibration,
        "waiting": _waiting(library, mine=False),
        "waiting for one person": _waiting(library, mine=True),
    }


async def measure(ground: Ground) -> list[Row]:
    database, projects = await ground.database(), ground.effort.projects
    ground.say(f"making a portfolio of {projects:,} projects")
    made = await make_portfolio(database.admin_url, projects)
    await make_portfolio(database.admin_url, projects // NEIGHBOUR_SHARE)
    pool = await create_pool(database.api_url, "genjin_api", 2)
    try:
        states = States(pool, Snapshots(pool), StateCache(bytes_max=2**20))
        rows = []
        for name, question in questions(Library(pool, states)).items():
            ground.say(f"{name}, {projects:,} projects")
            rows += await _measured(ground, pool, made, name, question)
    finally:
        await pool.close()
    return rows


async def _measured(
    ground: Ground, pool: asyncpg.Pool, made: MadePortfolio, name: str, question: Question
) -> list[Row]:
    whole = Asked()
    month = replace(whole, since=SINCE, until=UNTIL, department="department 7")
    kinds = {
        "whole": whole,
        "one department, one month": month,
        "whole, of the past": replace(whole, position=made.middle),
    }
    return [
        await _row(
            ground, f"{name}, {kind}, {made.projects:,} projects", pool, made, asked, question
        )
        for kind, asked in kinds.items()
    ]


async def _row(
    ground: Ground,
    what: str,
    pool: asyncpg.Pool,
    made: MadePortfolio,
    asked: Asked,
    question: Question,
) -> Row:
    await question(pool, made, asked)
    taken = []
    for _ in range(ground.effort.questions):
        began = time.perf_counter()
        await question(pool, made, asked)
        taken.append(1000 * (time.perf_counter() - began))
    note = f"p99 {percentile(taken, 0.99):.0f} ms of {len(taken)}"
    return Row(what=what, unit="ms", ours=taken, aim=AIM, note=note)
