"""What has a stream of its own and is written and read by its id, as accounts and contacts: 404 where there is none."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic
from uuid import UUID

from fastapi.responses import Response

from genjin_api.acting import Caller, Decision, Moment
from genjin_api.action import Action, Answer, RefusedError
from genjin_api.action import Request as WriteRequest
from genjin_api.http.answers import shown
from genjin_api.http.context import Services
from genjin_api.past.answers import kept
from genjin_api.past.points import parse_point
from genjin_api.past.reading import Place, state_at
from genjin_api.refusal import field_refusal, not_found
from genjin_api.streams import State, StreamKind


async def write_entity(
    services: Services,
    write: WriteRequest,
    kind: StreamKind[State],
    identifier: UUID,
    decide: Callable[[State], Decision],
    created_at: Callable[[State], datetime],
    *,
    status: int = 200,
    occurred_at: datetime | None = None,
    prepare: Callable[[State | None], Awaitable[None]] | None = None,
) -> Answer:
    """A command on what is there. prepare is awaited before each decision."""

    def decide_on(state: State | None, _moment: Moment) -> Decision:
        if state is None:
            return not_found(kind.noun, identifier)
        if occurred_at is not None and occurred_at < created_at(state):
            rule = f"must not be before the {kind.noun}'s creation"
            return field_refusal("occurred_at_refused", "/occurred_at", rule)
        return decide(state)

    action = Action(
        kind=kind,
        identifier=identifier,
        decide=decide_on,
        show=lambda state: {kind.noun: state},
        status=status,
        occurred_at=occurred_at,
        prepare=prepare,
    )
    return await services.writer.handle(write, action)


async def create_entity(
    services: Services,
    write: WriteRequest,
    kind: StreamKind[State],
    identifier: UUID,
    decide: Callable[[], Decision],
    *,
    path: str,
    occurred_at: datetime | None = None,
) -> Answer:
    """path is that of the list that it will be in."""
    action: Action[Any] = Action(
        kind=kind,
        identifier=identifier,
        decide=lambda _state, _moment: decide(),
        show=lambda state: {kind.noun: state},
        status=201,
        location=f"{path}/{identifier}",
        occurred_at=occurred_at,
    )
    return await services.writer.handle(write, action)


@dataclass(frozen=True, slots=True)
class PastEntity(Generic[State]):
    """A state as it was, and where in the log."""

    state: State
    place: Place

    def shown(self, document: Any, version: int, *, personal: bool = False) -> Response:
        lasting = self.place.lasting
        response = shown(document, version)
        return kept(response, self.place.position, lasting=lasting, personal=personal)


async def one_at(
    services: Services, caller: Caller, kind: StreamKind[State], identifier: UUID, as_of: str
) -> PastEntity[State]:
    point = parse_point(as_of, "as_of")
    found = await state_at(services, caller, kind, identifier, point, parameter="as_of")
    if found is None or found[0] is None:
        raise RefusedError(not_found(kind.noun, identifier))
    return PastEntity(found[0], found[1])
