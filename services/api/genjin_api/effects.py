"""Decisions carried through in memory: the events and the state that facts come to, in an action's own stream and in
those where it has consequences.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from genjin.event import Actor, Fact, Stamp, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, NewEvent
from genjin_api.acting import Decided, Moment
from genjin_api.action import Consequence, RefusedError, Request
from genjin_api.field_changes import field_changes
from genjin_api.refusal import Refusal
from genjin_api.states import States
from genjin_api.streams import Rows, State, StreamKind


@dataclass(frozen=True, slots=True)
class Effect(Generic[State]):
    """What would be appended to another stream than the action's own, and the state after it."""

    kind: StreamKind[State]
    state: State
    command: Append


async def effects_of(
    states: States,
    request: Request,
    consequences: Sequence[Consequence[Any]],
    moment: Moment,
    *,
    certain: bool,
) -> Sequence[Effect[Any]]:
    """RefusedError where one of them is refused. What has no facts is not appended, so nothing would find out that its
    state was an old one: it is decided on the newest before it is left out.
    """
    effects = []
    for each in consequences:
        place = each.kind, request.caller.workspace_id, each.identifier
        state = await seen(states, *place, certain=certain)
        decision = each.decide(state, moment)
        if not certain and isinstance(decision, Decided) and not decision.facts:
            state = await seen(states, *place, certain=True)
            decision = each.decide(state, moment)
        if isinstance(decision, Refusal):
            raise RefusedError(decision)
        if decision.facts:
            event = states.event_of(*place, state)
            effects.append(_effect(request, each, state, event, decision, moment))
    return effects


def _effect(
    request: Request,
    consequence: Consequence[State],
    state: State | None,
    event: bytes,
    decision: Decided,
    moment: Moment,
) -> Effect[State]:
    kind, identifier = consequence.kind, consequence.identifier
    actor = consequence.actor or request.caller.actor(decision.role)
    occurred_at = consequence.occurred_at or moment.now
    events, after, past = fold(kind, identifier, actor, occurred_at, state, decision.facts)
    command = Append(
        stream=stream_of(kind.noun, identifier),
        expected_version=0 if state is None else kind.version(state),
        actor=actor,
        request_id=request.request_id,
        correlation_id=request.correlation_id,
        events=events,
        causation_id=str(consequence.cause),
        claims=kind.claims(state, after),
        rows=kind.rows(state, after) | past,
        seen=event,
    )
    return Effect(kind, after, command)


async def seen(
    states: States,
    kind: StreamKind[State],
    workspace_id: UUID,
    identifier: UUID,
    *,
    certain: bool,
) -> State | None:
    """A stream's state as it was last seen. certain: the newest, whatever is kept in memory."""
    if not certain:
        state = states.last_seen(kind, workspace_id, identifier)
        if state is not None:
            return state
    return await states.load(kind, workspace_id, identifier)


def fold(
    kind: StreamKind[State],
    identifier: UUID,
    actor: Actor,
    occurred_at: datetime,
    state: State | None,
    facts: Sequence[Fact],
) -> tuple[list[NewEvent], State, Rows]:
    """The events that the facts become, each with its field changes; the state after them; the rows of the past that
    each of them adds.
    """
    events = []
    past: Rows = {}
    version = 0 if state is None else kind.version(state)
    for offset, fact in enumerate(facts, start=1):
        stamp = Stamp(new_id(), identifier, version + offset, occurred_at, actor)
        after = kind.evolve(state, fact, stamp)
        events.append(NewEvent(stamp.event_id, fact, occurred_at, field_changes(state, after)))
        for table, rows in kind.past_rows(state, after).items():
            past.setdefault(table, []).extend(rows)
        state = after
    if state is None:
        raise AssertionError("a decision on nothing makes at least one fact")
    return events, state, past
