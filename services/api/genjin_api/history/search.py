"""Questions to the history: one page of the events that match a filter, and where the next page begins."""

from collections.abc import Iterable
from contextlib import aclosing
from dataclasses import dataclass
from functools import reduce
from uuid import UUID

import asyncpg
import orjson

from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter
from genjin.history.values import POSITION_MAX, moment_of
from genjin_api.history.index_reading import Transaction, read_reach
from genjin_api.history.plan import Plan, plan_of
from genjin_api.history.walk import Order, Steps, Walk

# What one request may look at; then it answers what it has, with the place to go on from.
COST_MAX = 6000

# The first position recorded at a time or later: recorded times never step back.
_FIRST_SINCE = """
SELECT first_position FROM genjin.commit
 WHERE workspace_id = $1 AND recorded_at >= $2 ORDER BY recorded_at, last_position LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Page:
    """events: at most as many as were asked for, perhaps fewer although there are more. place is the position after
    which the next page begins; None at the end.
    """

    events: list[RecordedEvent]
    place: int | None


async def find(
    database: asyncpg.Pool,
    workspace_id: UUID,
    asked: EventFilter,
    order: Order,
    after: int | None,
    limit: int,
) -> Page:
    """The next events that match, after a position in the order asked for. All is read from one snapshot, so that a
    block of the index which is being merged is seen once.
    """
    async with (
        database.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
        aclosing(_steps(connection, workspace_id, asked, order, after, limit)) as steps,
    ):
        return await _collect(steps, asked, after, limit)


async def _collect(steps: Steps, asked: EventFilter, after: int | None, limit: int) -> Page:
    found: list[RecordedEvent] = []
    cost = 0
    async for step in steps:
        for event in step.events:
            if asked.matches(orjson.loads(event.body)):
                if len(found) == limit:
                    return Page(found, found[-1].position)
                found.append(event)
        cost += step.cost
        if cost >= COST_MAX and step.through != after:
            return Page(found, step.through)
    return Page(found, None)


async def _steps(
    connection: Transaction,
    workspace_id: UUID,
    asked: EventFilter,
    order: Order,
    after: int | None,
    limit: int,
) -> Steps:
    plan = plan_of(asked)
    reach = await read_reach(connection, workspace_id)
    first, last = await _bounds(connection, workspace_id, plan)
    last = min(last, reach.head)
    if after is not None:
        first, last = (max(first, after + 1), last) if order == "asc" else (first, after - 1)
    walk = Walk(connection, workspace_id, asked, plan, order, first, last, limit + 1)
    streams = _common(plan.streams)
    if plan.ids:
        chosen = walk.by_id(_common(plan.ids))
    elif plan.streams and len(streams) <= 1:
        chosen = walk.by_stream("".join(streams), after)
    elif plan.any_of and reach.indexed:
        chosen = walk.by_index(reach)
    else:
        chosen = walk.by_position(first)
    async with aclosing(chosen) as steps:
        async for step in steps:
            yield step


async def _bounds(connection: Transaction, workspace_id: UUID, plan: Plan) -> tuple[int, int]:
    """The positions that may match by their numbers and by the time of their recording."""
    first, last = plan.first, plan.last
    for one in plan.recorded:
        if one.start is not None:
            first = max(first, await _first_since(connection, workspace_id, one.start))
        if one.end is not None:
            last = min(last, await _first_since(connection, workspace_id, one.end) - 1)
    return first, last


async def _first_since(connection: Transaction, workspace_id: UUID, time: str) -> int:
    found: int | None = await connection.fetchval(_FIRST_SINCE, workspace_id, moment_of(time))
    return POSITION_MAX if found is None else found


def _common(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    given = list(sets)
    return reduce(frozenset.intersection, given) if given else frozenset()
