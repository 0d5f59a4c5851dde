"""Questions to the history: one page of the events that match a filter, and where the next page begins."""

from contextlib import aclosing
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import orjson

from genjin.event import RecordedEvent
from genjin.history.filter import EventFilter
from genjin.history.values import CHANGE_FIELDS, POSITION_MAX, Range, Value, moment_of
from genjin_api.forms.withholding import FULL, Sight
from genjin_api.history.index_reading import Reach, Transaction, read_reach, read_spans
from genjin_api.history.passing import conditions
from genjin_api.history.places import Place, checked_place
from genjin_api.history.plan import Plan, plan_of
from genjin_api.history.spans import Span, common, union, without
from genjin_api.history.walk import Order, Steps, Walk

# What one request may look at; then it answers what it has, with the place to go on from.
COST_MAX = 1000

# A longer stream is looked up in the index, where that knows more of what is asked than the stream: its events lie all
# over the log, and each is a page of its own to read.
STREAM_READ_MAX = 200

# Where a stream begins and ends.
_ENDS = """
SELECT one.position, last.position, last.version
  FROM genjin.event one, LATERAL (
       SELECT e.position, e.version FROM genjin.event e
        WHERE e.workspace_id = $1 AND e.stream = $2 ORDER BY e.version DESC LIMIT 1
  ) last
 WHERE one.workspace_id = $1 AND one.stream = $2 AND one.version = 1
"""

# The first position recorded at a time or later: recorded times never step back.
_FIRST_SINCE = """
SELECT first_position FROM genjin.commit
 WHERE workspace_id = $1 AND recorded_at >= $2 ORDER BY recorded_at, last_position LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Page:
    """events: at most as many as were asked for, perhaps fewer although there are more. place is where the next
    page begins, after it; None at the end.
    """

    events: list[RecordedEvent]
    place: Place | None


async def find(
    database: asyncpg.Pool,
    workspace_id: UUID,
    asked: EventFilter,
    order: Order,
    after: Place | None,
    limit: int,
    sight: Sight = FULL,
) -> Page:
    """The next events that match as the reader sees them, after a place in the order asked for. All is read from one
    snapshot, so that a block of the index which is being merged is seen once. Raises ForkedLogError where the log does
    not have the place.
    """
    looked_up = asked if sight.is_full else _without_values(asked)
    async with (
        database.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        if after is not None:
            await checked_place(connection, workspace_id, after)
        position = after.position if after else None
        async with aclosing(
            read_steps(connection, workspace_id, looked_up, order, position, limit)
        ) as steps:
            found, through = await _collect(steps, asked, sight, position, limit)
        place = None
        if through is not None:
            place = await checked_place(connection, workspace_id, Place(through))
        return Page(found, place)


def _without_values(asked: EventFilter) -> EventFilter:
    """What may be looked up for a reader who is not shown every value: else how far a page came, and how soon, would
    tell them. Terms of changes hold for one change together, so they go together.
    """
    if not any(term.field in ("before", "after") for term in asked.terms):
        return asked
    return EventFilter(tuple(term for term in asked.terms if term.field not in CHANGE_FIELDS))


async def _collect(
    steps: Steps, asked: EventFilter, sight: Sight, after: int | None, limit: int
) -> tuple[list[RecordedEvent], int | None]:
    """The events, and the position up to which nothing is left out; None: to the end."""
    found: list[RecordedEvent] = []
    cost = 0
    async for step in steps:
        for event in map(sight.of, step.events):
            if asked.matches(orjson.loads(event.body)):
                if len(found) == limit:
                    return found, found[-1].position
                found.append(event)
        cost += step.cost
        if cost >= COST_MAX and step.through != after:
            return found, step.through
    return found, None


async def read_steps(
    connection: Transaction,
    workspace_id: UUID,
    asked: EventFilter,
    order: Order,
    after: int | None,
    limit: int,
) -> Steps:
    """What may match, after a position in the order asked for; limit is how many events the reader wants."""
    plan = plan_of(asked)
    reach = await read_reach(connection, workspace_id)
    whole = 1, reach.head
    if after is not None:
        whole = (after + 1, reach.head) if order == "asc" else (1, min(after - 1, reach.head))
    spans = [] if plan.impossible else union([whole])
    for term in plan.positions:
        of_term = union([await _span(connection, workspace_id, value) for value in term.values])
        spans = common(spans, without(whole, of_term) if term.negated else of_term)
    stream = _one_stream(plan)
    if stream is not None and spans and plan.narrows_streams and reach.indexed:
        first, last, version = await _ends(connection, workspace_id, stream)
        if version > STREAM_READ_MAX:
            stream, spans = None, common(spans, [(first, last)])
    if stream is None and not plan.ids and reach.indexed and spans:
        for ranges in plan.ranges:
            spans = common(spans, await read_spans(connection, workspace_id, ranges, reach))
    if not spans:
        return
    walk = Walk(connection, workspace_id, plan, order, spans, limit + 1, conditions(asked))
    async with aclosing(_way(walk, reach, stream, after)) as steps:
        async for step in steps:
            yield step


def _one_stream(plan: Plan) -> str | None:
    """The only stream that can match, "" where none can; None where there are several."""
    if not plan.streams:
        return None
    streams = frozenset.intersection(*plan.streams)
    return "".join(streams) if len(streams) <= 1 else None


def _way(walk: Walk, reach: Reach, stream: str | None, after: int | None) -> Steps:
    """The shortest one: by id, by a stream that is short or all that is known, by the index, or along the log."""
    plan = walk.plan
    if plan.ids:
        return walk.by_id(frozenset.intersection(*plan.ids))
    if stream is not None:
        return walk.by_stream(stream, after)
    if plan.narrows and reach.indexed:
        return walk.by_index(reach)
    return walk.by_position()


async def _ends(connection: Transaction, workspace_id: UUID, stream: str) -> tuple[int, int, int]:
    """The positions of a stream's first and last event, and the last one's version; all 0 where there is no stream."""
    row = await connection.fetchrow(_ENDS, workspace_id, stream)
    return (row[0], row[1], row[2]) if row else (0, 0, 0)


async def _span(connection: Transaction, workspace_id: UUID, value: Value) -> Span:
    """The positions of a range of positions or of times of recording."""
    assert isinstance(value, Range)  # the only values of these fields
    first, end = value.start, value.end
    if isinstance(first, str):
        first = await _first_since(connection, workspace_id, first)
    if isinstance(end, str):
        end = await _first_since(connection, workspace_id, end)
    return first or 1, POSITION_MAX if end is None else end - 1


async def _first_since(connection: Transaction, workspace_id: UUID, time: str) -> int:
    found: int | None = await connection.fetchval(_FIRST_SINCE, workspace_id, moment_of(time))
    return POSITION_MAX if found is None else found
