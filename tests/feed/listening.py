"""A client of a live feed that reads as the WHATWG standard says, over real HTTP."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
import orjson

from tests.world import Person

EVENTS = "/v1/events/stream"


@dataclass(frozen=True, slots=True)
class Message:
    """type and data are empty where the server only told an id or that it is alive."""

    id: str
    type: str
    data: str

    @property
    def event(self) -> dict[str, Any]:
        read: dict[str, Any] = orjson.loads(self.data)
        return read


@dataclass(slots=True)
class Parser:
    """Lines to messages; last_id is what the client would send as Last-Event-ID."""

    last_id: str = ""
    comments: int = 0
    retry: str = ""
    _id: str = ""
    _type: str = ""
    _data: list[str] = field(default_factory=list)

    def line(self, line: str) -> Message | None:
        """The message that an empty line ends."""
        if not line:
            self.last_id = self._id
            message = Message(self.last_id, self._type, "\n".join(self._data))
            self._type, self._data = "", []
            return message
        name, _, value = line.partition(":")
        value = value.removeprefix(" ")
        match name:
            case "":
                self.comments += 1
            case "id":
                self._id = value
            case "event":
                self._type = value
            case "data":
                self._data.append(value)
            case "retry":
                self.retry = value
            case _:
                raise AssertionError(f"not of an event stream: {line}")
        return None


class Listener:
    """An open stream. What was read stays in messages, those with data alone."""

    def __init__(self, answer: httpx.Response) -> None:
        self.answer = answer
        self.parser = Parser()
        self.messages: list[Message] = []
        self._lines = answer.aiter_lines()

    @property
    def position(self) -> int:
        return _position(self.parser.last_id or "0")

    @property
    def positions(self) -> list[int]:
        return [_position(message.id) for message in self.messages]

    async def read(self) -> Message | None:
        """The next message, with data or without; None when the stream has ended."""
        async for line in self._lines:
            message = self.parser.line(line)
            if message is not None:
                if message.data:
                    self.messages.append(message)
                return message
        return None

    async def until(self, position: int) -> list[Message]:
        """All messages with data so far, once the client stands at a position or after it."""
        while self.position < position:
            assert await self.read() is not None, f"the stream ended at {self.position}"
        return self.messages

    async def to_its_end(self) -> list[Message]:
        while await self.read() is not None:
            pass
        return self.messages


def _position(id_: str) -> int:
    """Of an id as 4711-9f2c…"""
    return int(id_.partition("-")[0])


@asynccontextmanager
async def listening(
    person: Person, path: str = EVENTS, /, *, seen: int | str | None = None, **query: Any
) -> AsyncIterator[Listener]:
    """seen is sent as Last-Event-ID. The server's first words have been read."""
    headers = {} if seen is None else {"Last-Event-ID": str(seen)}
    timeout = httpx.Timeout(30)
    async with person.client.stream(
        "GET", path, params=query or None, headers=headers, timeout=timeout
    ) as answer:
        if answer.status_code != 200:
            await answer.aread()
            raise AssertionError(answer.text)
        listener = Listener(answer)
        await listener.read()
        yield listener
