"""A workspace of random projects with events at random times and random verdicts: its rows, and its past in memory."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg

from genjin.canonical import plain_json
from genjin.event import Fact, Stamp
from genjin.projects.events import (
    ProjectClosed,
    ProjectCreated,
    TemplateMigrated,
    TemplateReference,
)
from genjin.stages.events import StageEntered, StageJudged
from genjin_api.projects.evolving import evolve
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from genjin_api.reports.completing import TABLES
from tests.projects.histories import random_story
from tests.specification import Story

BEGUN = datetime(2025, 1, 20, 3, tzinfo=UTC)
NOW = datetime(2026, 3, 16, 2, tzinfo=UTC)
ZONE = "Asia/Shanghai"
NOW_TABLES = ("project_standing", "project", "follow_up")
OUTCOMES = ("won", "lost", "cancelled")
VERDICTS = ("advance", "advance", "hold", "reject")
OTHER_TEMPLATE = TemplateReference(key="enterprise.5", version=1, body_hash="")
# One that every project has been in by another template, and one that none has.
OTHER_STAGES = ("initiation", "kickoff")


@dataclass(frozen=True, slots=True)
class Told:
    """An event at its position, with its project before and after it."""

    position: int
    fact: Fact
    stamp: Stamp
    before: Project | None
    after: Project


@dataclass
class Portfolio:
    workspace_id: UUID
    told: list[Told] = field(default_factory=list)

    def up_to(self, position: int | None) -> list[Told]:
        return [one for one in self.told if position is None or one.position <= position]

    def projects(self, position: int | None) -> list[Project]:
        """As they stood."""
        newest = {one.after.id: one.after for one in self.up_to(position)}
        return [project for project in newest.values() if project.stands]

    def entered_by(self) -> dict[tuple[UUID, int], str]:
        """Project and ordinal of every visit: the template by whose rules it began."""
        found: dict[tuple[UUID, int], str] = {}
        for one in self.told:
            for visit in one.after.course.visits.values():
                found.setdefault((one.after.id, visit.ordinal), one.after.template.key)
        return found


def random_portfolio(seed: int, ended: float = 0.7, migrated: float = 0.0) -> Portfolio:
    """Its projects side by side in one log. Near their end some go over to another template; most are closed in the
    end. Times go on, but now and then something is told late.
    """
    chance = random.Random(seed)
    told = [random_story(chance.randrange(10_000), steps=60) for _ in range(8)]
    portfolio = Portfolio(UUID(int=0xA000 + seed))
    projects = [
        _restamped(chance, UUID(int=0xB00 + number), story, ended, migrated)
        for number, story in enumerate(told)
    ]
    position = 0
    while projects:
        project = chance.choice(projects)
        position += chance.randint(1, 3)
        following = next(project, None)
        if following is None:
            projects.remove(project)
        else:
            portfolio.told.append(replace(following, position=position))
    return portfolio


def _restamped(
    chance: random.Random, project_id: UUID, story: Story, ended: float, migrated: float
) -> Iterator[Told]:
    at, before = BEGUN + timedelta(days=chance.randrange(60)), None
    for fact, stamp in story.told:
        if isinstance(fact, ProjectCreated):
            fact = fact.model_copy(update={"header": fact.header | _header(chance)})
        if isinstance(fact, StageJudged):
            fact = fact.model_copy(update={"verdict": chance.choice(VERDICTS)})
        at += timedelta(hours=chance.choice((0, 0, 5, 31)), microseconds=chance.randrange(10**6))
        late = timedelta(days=chance.randrange(30)) if chance.random() < 0.1 else timedelta()
        again = replace(stamp, stream_id=project_id, occurred_at=at - late)
        after = evolve(before, fact, again)  # type: ignore[arg-type]  # facts of a project's stream
        yield Told(0, fact, again, before, after)
        before = after
    assert before is not None
    for fact in _last_facts(chance, before, ended, migrated):
        at += timedelta(days=chance.randrange(9))
        again = replace(again, version=again.version + 1, occurred_at=at)
        after = evolve(before, fact, again)  # type: ignore[arg-type]  # facts of a project's stream
        yield Told(0, fact, again, before, after)
        before = after


def _last_facts(
    chance: random.Random, project: Project, ended: float, migrated: float
) -> Iterator[Fact]:
    stage, other = project.course.current.stage, chance.choice(OTHER_STAGES)
    if project.status == "open" and stage != other and chance.random() < migrated:
        yield TemplateMigrated(
            from_template=project.template,
            to_template=OTHER_TEMPLATE,
            stages={stage: other},
            roles={},
            reason="改版",
            facts_version=project.version + 1,
        )
        visits = sum(visit.stage == other for visit in project.course.visits.values())
        yield StageEntered(stage=other, visit=visits + 1, from_stage=stage)
    if project.status != "closed" and chance.random() < ended:
        outcome = chance.choice(OUTCOMES)
        yield ProjectClosed(outcome=outcome, reason_code=None, reason="", receipt=None)


def _header(chance: random.Random) -> dict[str, str]:
    possible = {
        "department": chance.choice(["一部", "二部", ""]),
        "currency": chance.choice(["CNY", "EUR", ""]),
        "expected_amount": chance.choice(["1000.00", "250.50", "约一千万", "NaN", ""]),
    }
    return {name: value for name, value in possible.items() if value}


async def write(database: asyncpg.Pool, portfolio: Portfolio) -> None:
    """The rows that each event adds, and where every project stands."""
    rows: dict[str, list[object]] = {table: [] for table in (*TABLES, "health_assessment")}
    own = {"workspace_id": portfolio.workspace_id}
    for one in portfolio.told:
        for table, added in PROJECT.past_rows(one.before, one.after).items():
            if table in rows:
                rows[table] += [{**own, "position": one.position, **row} for row in added]
    for project in portfolio.projects(None):
        stored = PROJECT.rows(None, project)
        for table in NOW_TABLES:
            rows.setdefault(table, []).extend({**own, **row} for row in stored.get(table, ()))
    for table, of_table in rows.items():
        await database.execute(
            f"INSERT INTO genjin.{table} SELECT r.* FROM jsonb_populate_recordset(NULL::genjin.{table}, $1::jsonb) r",
            plain_json(of_table).decode(),
        )
