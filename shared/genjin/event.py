"""Facts and the envelope around them. Pure: this is all that a noun's events.py imports."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple
from uuid import UUID

from pydantic import BaseModel, ConfigDict

# The data of one schema_version as that of the next.
Upcast = Callable[[dict[str, Any]], dict[str, Any]]


class Fact(BaseModel):
    """Something that happened, in the past tense. A class is never edited in meaning once it has been written to a
    log: a new shape is a new schema_version, and upcasts[n] makes data of version n + 1 of data of version n.

    One change keeps the schema_version: a new optional field, whose default says of old events what was true when they
    were written. Everything else (a field renamed, dropped, required, or with another type, limit or meaning) is a new
    one. tests/golden holds an event of every version ever written.
    """

    # What stands in an event that cannot be read goes into no error, and so into no process's log. Each class is built
    # at its first use: few processes meet them all.
    model_config = ConfigDict(
        frozen=True, extra="forbid", hide_input_in_errors=True, defer_build=True
    )

    type: ClassVar[str]
    schema_version: ClassVar[int] = 1
    upcasts: ClassVar[Mapping[int, Upcast]] = {}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: a person of the workspace in a project role, or the system itself."""

    type: str
    id: UUID
    name: str
    role: str | None = None

    def document(self) -> dict[str, Any]:
        return {"type": self.type, "id": self.id, "name": self.name, "role": self.role}


@dataclass(frozen=True, slots=True)
class Change:
    """A field's value before and after an event; path is a JSON Pointer into the state."""

    path: str
    before: Any
    after: Any

    def document(self) -> dict[str, Any]:
        return {"path": self.path, "before": self.before, "after": self.after}


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a fold may know of an event besides its fact: no position and no recorded_at, for these are given by the
    log at the append, after the new state has been computed. stream_id is the entity's id.
    """

    event_id: UUID
    stream_id: UUID
    version: int
    occurred_at: datetime
    actor: Actor


class RecordedEvent(NamedTuple):
    """An event as it stands in the log. body is the canonical JSON that was hashed.

    A tuple, because readers make a hundred thousand of them a second: a frozen dataclass takes four times as long.
    """

    position: int
    stream: str
    version: int
    type: str
    body: str
    leaf_hash: bytes

    def public_json(self) -> str:
        """The event as every reader gets it: the stored text with its leaf hash added."""
        return f'{self.body[:-1]},"leaf_hash":"{self.leaf_hash.hex()}"}}'


def stream_of(noun: str, identifier: UUID) -> str:
    """The name of one entity's stream, as project-0198…"""
    return f"{noun}-{identifier}"


def identifier_in(stream: str) -> UUID:
    return _known_uuid(stream.partition("-")[2])


@lru_cache(maxsize=1024)
def _known_uuid(text: str) -> UUID:
    """A stream's id and its actors' come again with every event; making a UUID costs more than finding it."""
    return UUID(text)


def stamp_of(document: Mapping[str, Any]) -> Stamp:
    """The fold's view of a stored event's parsed body."""
    actor = document["actor"]
    return Stamp(
        event_id=UUID(document["id"]),
        stream_id=identifier_in(document["stream"]),
        version=document["version"],
        occurred_at=datetime.fromisoformat(document["occurred_at"]),
        actor=_known_actor(actor["type"], actor["id"], actor["name"], actor["role"]),
    )


@lru_cache(maxsize=1024)
def _known_actor(type_: str, identifier: str, name: str, role: str | None) -> Actor:
    return Actor(type_, _known_uuid(identifier), name, role)
