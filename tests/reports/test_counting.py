"""Every report, now and of the past, is what a plain fold of random histories says."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest

from genjin.templates.catalog import shipped
from genjin_api.reports import (
    calibration,
    conversion,
    disagreement,
    groups,
    overrides,
    stage_durations,
    win_rate,
)
from genjin_api.reports.asking import Asked
from genjin_api.reports.stages import Stages
from tests.databases import Database
from tests.reports import naive
from tests.reports.portfolio import NOW, OTHER_TEMPLATE, ZONE, Portfolio, random_portfolio, write

STAGES = Stages(shipped())
SEEDS = range(4)


@pytest.fixture
async def pool(fresh_database: Database) -> AsyncIterator[asyncpg.Pool]:
    async with asyncpg.create_pool(fresh_database.admin_url, min_size=1, max_size=2) as made:
        yield made


async def test_every_report_is_what_a_fold_of_the_events_says(pool: asyncpg.Pool) -> None:
    """Lest nothing is compared with nothing: what was met is counted."""
    met: Counter[str] = Counter()
    for seed in SEEDS:
        portfolio = random_portfolio(seed, migrated=0.7)
        await write(pool, portfolio)
        met["of_health"] += len(naive.projects(portfolio, Asked(health="warning")))
        met["two_templates"] += naive.stays_by_two_templates(portfolio)
        for asked in _questions(portfolio, random.Random(seed)):
            await _groups_agree(pool, portfolio, asked)
            await _fates_agree(pool, portfolio, asked, met)
            await _durations_agree(pool, portfolio, asked, met)
            await _gates_agree(pool, portfolio, asked, met)
            await _ends_agree(pool, portfolio, asked, met)
            await _judges_agree(pool, portfolio, asked, met)
    fates = {"went_on", "returned", "ended", "still_there", "migrated"}
    ends = {"won", "lost", "cancelled"}
    rest = {
        "suspended",
        "out_of_order",
        "overridden",
        "disagree",
        "two_templates",
        "of_health",
        "other_template",
    }
    assert fates | ends | rest <= set(+met), met


def _questions(portfolio: Portfolio, chance: random.Random) -> list[Asked]:
    """Now and at positions; each plain, of a period, and narrowed."""
    last = portfolio.told[-1].position
    positions = [None, *(chance.randint(1, last) for _ in range(2)), last]
    since = datetime(2025, 2, 10, 16, tzinfo=UTC)
    until = datetime(2025, 4, 1, 16, tzinfo=UTC)
    found = []
    for position in positions:
        plain = Asked(position=position)
        found += [plain, replace(plain, since=since), replace(plain, since=since, until=until)]
        found += [replace(plain, template="pursuit.8", department="一部")]
        found += [replace(plain, region="天津", until=until), replace(plain, currency="CNY")]
        found += [replace(plain, template="enterprise.5"), replace(plain, health="warning")]
    return found


async def _groups_agree(pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked) -> None:
    if asked.since or asked.until:
        return
    found = await groups.running_projects(pool, portfolio.workspace_id, asked)
    expected = Counter(
        (one.template.key, one.course.current.stage, one.status, one.header.get("currency"))
        for one in naive.projects(portfolio, asked)
        if one.status != "closed"
    )
    told = {(one.template_key, one.stage, one.status, one.currency): one.projects for one in found}
    assert told == expected


async def _fates_agree(
    pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked, met: Counter[str]
) -> None:
    for cohort in ("entry", "creation"):
        found = await conversion.fates(
            pool, portfolio.workspace_id, asked, cohort, ZONE, by_month=True
        )
        told = naive.counted(
            found,
            lambda one: (one.key.template, one.key.stage, f"{one.month:%Y-%m}", one.fate),
            lambda one: one.projects,
        )
        assert told == naive.fates(portfolio, asked, cohort)
        met.update(one.fate for one in found)
    met["other_template"] += asked.template == OTHER_TEMPLATE.key and bool(found)


async def _durations_agree(
    pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked, met: Counter[str]
) -> None:
    workspace_id = portfolio.workspace_id
    calendar = await stage_durations.calendar_of(pool, workspace_id, NOW, ZONE, naive.CHINA)
    rows = await stage_durations.durations(pool, workspace_id, asked, calendar, NOW)
    expected = naive.durations(portfolio, asked)
    shown = stage_durations.shown_durations(rows, STAGES)
    told = {(one["template"], one["stage"]): one for one in shown}
    assert {
        place: {name: one[name] for name in expected[place]} for place, one in told.items()
    } == expected
    met["out_of_order"] += sum(one["left_out"]["out_of_order"] for one in shown)
    met["suspended"] += sum(any(one.ended_suspensions) for one in naive.projects(portfolio, asked))


async def _gates_agree(
    pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked, met: Counter[str]
) -> None:
    found = await overrides.passed_gates(pool, portfolio.workspace_id, asked)
    told = {(one.key.stage, one.override_role): one.gates for one in found}
    assert told == naive.gates(portfolio, asked)
    met["overridden"] += sum(one.gates for one in found if one.override_role)


async def _ends_agree(
    pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked, met: Counter[str]
) -> None:
    found = await win_rate.ended_projects(pool, portfolio.workspace_id, asked)
    expected = naive.ends(portfolio, asked)
    told = {(one.template_key, one.outcome, one.currency): one for one in found}
    assert set(told) == {tuple(of) for *of, _ in expected}
    for key, one in told.items():
        amounts = {amount: n for (*of, amount), n in expected.items() if tuple(of) == key}
        with_amount = {float(amount): n for amount, n in amounts.items() if amount}
        assert one.projects == sum(amounts.values())
        assert one.with_amount == sum(with_amount.values())
        assert float(one.amount) == sum(amount * n for amount, n in with_amount.items())
        met[one.outcome] += one.projects


async def _judges_agree(
    pool: asyncpg.Pool, portfolio: Portfolio, asked: Asked, met: Counter[str]
) -> None:
    spoken = await disagreement.spoken(pool, portfolio.workspace_id, asked)
    shown = disagreement.disagreement(spoken)
    told = {
        tuple(one["roles"]): (
            one["judged_by_both"],
            one["first_alone_advanced"] + one["second_alone_advanced"],
        )
        for one in shown
    }
    assert told == naive.pairs(portfolio, asked)
    met["disagree"] += sum(differ for _, differ in told.values())
    words = await calibration.first_words(pool, portfolio.workspace_id, asked)
    said = naive.counted(
        words,
        lambda one: (one.role, one.advance, one.ended_as and one.ended_as[2]),
        lambda one: one.judgements,
    )
    assert said == naive.first_words(portfolio, asked)
