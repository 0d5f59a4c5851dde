"""What a write asks for, and what it is answered with: the vocabulary of routes and of handle.py."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, Self
from uuid import UUID

from genjin.event import Actor, RecordedEvent
from genjin.identifiers import new_id
from genjin.log.append import NewEvent
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.idempotency import Idempotency
from genjin_api.refusal import Refusal
from genjin_api.streams import Rows, State, StreamKind


@dataclass(frozen=True, slots=True)
class Request:
    """A write as it came in. if_match is the version that the caller insists on."""

    caller: Caller
    request_id: str
    correlation_id: str
    language: str
    if_match: int | None = None
    idempotency: Idempotency | None = None

    @classmethod
    def without_http(cls, caller: Caller) -> Self:
        """For whoever runs the installation."""
        request_id = str(new_id())
        return cls(caller, request_id, request_id, "en")


@dataclass(frozen=True, slots=True)
class Consequence(Generic[State]):
    """What an action brings about in another stream, in the same commit. Its events name the event `cause` as theirs.

    decide is asked with that stream's state: no facts, and nothing happens there; a refusal refuses the action as a
    whole. actor None: whoever acts. occurred_at None: now.
    """

    kind: StreamKind[State]
    identifier: UUID
    cause: UUID
    decide: Callable[[State | None, Moment], Decided | Refusal]
    actor: Actor | None = None
    occurred_at: datetime | None = None


# From the state after an action and its events to what they bring about, in each other stream once.
Consequences = Callable[[State, Sequence[NewEvent]], Sequence[Consequence[Any]]]


@dataclass(frozen=True, slots=True)
class Action(Generic[State]):
    """What a route asks for.

    decide is pure; it is asked again on the new state when another writer was faster. show makes the answer's body of
    the state after it. prepare, awaited before each decision, fetches what that needs beside the state, as a template.
    private_rows are secrets that are no facts; an answer that shows one is confidential: it is sealed where it is kept
    for its idempotency key. consequences are written in its commit; the answer tells of the action's own events.
    """

    kind: StreamKind[State]
    identifier: UUID
    decide: Callable[[State | None, Moment], Decision]
    show: Callable[[State], dict[str, Any]]
    status: int = 200
    location: str | None = None
    occurred_at: datetime | None = None
    private_rows: Rows = field(default_factory=dict)
    prepare: Callable[[State | None], Awaitable[None]] | None = None
    confidential: bool = False
    consequences: Consequences[State] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a write is answered with. text is the body's JSON up to the events; they follow as they are stored."""

    status: int
    text: str
    location: str | None
    version: int | None
    events: Sequence[RecordedEvent]
    replayed: bool = False

    def body(self) -> bytes:
        events = ",".join(event.public_json() for event in self.events)
        return f'{self.text[:-1]},"events":[{events}]}}'.encode()


class StaleVersionError(Exception):
    """The stream is not at the version that If-Match names."""

    def __init__(self, version: int) -> None:
        super().__init__(f"the version is {version} now")


class RefusedError(Exception):
    """The decider said no, and the refusal is not recorded."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.detail)
        self.refusal = refusal
