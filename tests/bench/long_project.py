"""A project of ten thousand events that no process has in memory: from its first event on, and from its snapshot."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg

from genjin.event import Fact, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged, ProjectCreated, TemplateReference
from genjin.requirements.events import RequirementAmended, RequirementCaptured
from genjin.risks.events import RiskAssessed, RiskIdentified
from genjin.stages.events import ActualRecorded, ConditionMarked, StageEntered, StageJudged
from genjin_api.projects.projection import PROJECT
from genjin_api.snapshots import Snapshots
from genjin_api.state_cache import StateCache
from genjin_api.states import States
from tests.bench.ground import Ground
from tests.bench.project_appends import ACTOR
from tests.bench.row import Row

EVENTS = 10_000
EVENTS_PER_CALL = 500
ITEMS = 40  # requirements, and as many risks
CACHE_BYTES = 64 * 2**20


async def measure(ground: Ground) -> list[Row]:
    ground.say(f"a project of {EVENTS:,} events")
    database = await ground.database()
    pool = await create_pool(database.api_url, "genjin_api", 2)
    workspace_id, project_id = uuid4(), new_id()
    cold, warm, waits = [], [], []
    try:
        await _append(pool, workspace_id, project_id)
        for _ in range(ground.effort.rounds):
            await pool.execute("DELETE FROM genjin.stream_snapshot")
            opening = partial(_open, pool, workspace_id, project_id)
            seconds, waited = await opening()
            cold.append(1000 * seconds)
            waits.append(1000 * waited)
            warm.append(1000 * (await opening())[0])
    finally:
        await pool.close()
    return [
        Row(
            what=f"opening a project of {EVENTS:,} events, in no memory, from its snapshot",
            unit="ms",
            ours=warm,
            baseline=cold,
            baseline_is="without a snapshot",
            note=f"without one, others in the process wait {max(waits):.0f} ms at the most",
        )
    ]


async def _open(pool: asyncpg.Pool, workspace_id: UUID, project_id: UUID) -> tuple[float, float]:
    """Seconds until the state is there, and how long everybody else in the process had to wait at the most. Afterwards
    there is a snapshot.
    """
    loop = asyncio.get_running_loop()
    snapshots = Snapshots(pool)
    states = States(pool, snapshots, StateCache(CACHE_BYTES))
    longest = 0.0

    async def others() -> None:
        nonlocal longest
        while True:
            before = loop.time()
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)

    waiting = asyncio.create_task(others())
    started = loop.time()
    project = await states.load(PROJECT, workspace_id, project_id)
    seconds = loop.time() - started
    waiting.cancel()
    with suppress(asyncio.CancelledError):
        await waiting
    await snapshots.settle()
    if project is None or project.version != EVENTS:
        raise RuntimeError("the project of the bench is not the one that was written")
    return seconds, longest


async def _append(pool: asyncpg.Pool, workspace_id: UUID, project_id: UUID) -> None:
    facts = _facts()
    for version in range(0, EVENTS, EVENTS_PER_CALL):
        now = datetime.now(UTC)
        request_id = str(new_id())
        command = Append(
            stream=stream_of("project", project_id),
            expected_version=version,
            actor=ACTOR,
            request_id=request_id,
            correlation_id=request_id,
            events=[NewEvent(new_id(), next(facts), now, ()) for _ in range(EVENTS_PER_CALL)],
        )
        [result] = await append(pool, workspace_id, [command])
        if not isinstance(result, Appended):
            raise RuntimeError(f"an append of the bench ended as {result}")


def _facts() -> Iterator[Fact]:
    """A project that stays in its first stage and is worked on, without end."""
    stage, visit = "initiation", 1
    requirements = [new_id() for _ in range(ITEMS)]
    risks = [new_id() for _ in range(ITEMS)]
    reference = TemplateReference(key="pursuit.8", version=1, body_hash="0" * 64)
    yield ProjectCreated(code="XM-1", template=reference, header={"name": "滨海新区污水处理厂"})
    yield StageEntered(stage=stage, visit=visit, from_stage=None)
    for requirement in requirements:
        words = {"title": "处理能力", "text": "日处理二十万吨", "requested_by": "王工"}
        yield RequirementCaptured(requirement_id=requirement, **words)
    for risk in risks:
        words = {"category": "cost", "cause": "涨价", "event": "超支", "effect": "亏损"}
        yield RiskIdentified(risk_id=risk, owner_id=ACTOR.id, owner_name=ACTOR.name, **words)
    for turn in count(1):
        text, item = f"第{turn}次通话, 客户已确认", turn % ITEMS
        place: dict[str, Any] = {"stage": stage, "visit": visit, "facts_version": turn}
        yield ActualRecorded(**place, text=text)
        yield ConditionMarked(**place, condition=f"c{turn % 5}", met=True, evidence="纪要")
        yield StageJudged(**place, role="marketer", verdict="advance", comment="")
        yield HeaderChanged(header={"expected_amount": f"{turn}.50", "currency": "CNY"})
        yield RequirementAmended(requirement_id=requirements[item], title="处理能力", text=text)
        scores: dict[str, Any] = {"probability": 2, "impact": 3, "score": 6, "band": "yellow"}
        yield RiskAssessed(risk_id=risks[item], **scores, rationale=text)
