"""append() against a model of it in memory, over commands that hypothesis makes up."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.log.append import (
    Append,
    Appended,
    AppendResult,
    ClaimTaken,
    Conflict,
    Duplicate,
    KeyReused,
)
from tests.log.log import Log, as_calls, command, new_log

Outcome = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Wish:
    """A command in small: lag is how far its expected version is from the true one."""

    stream: str
    lag: int
    events: int
    key: str | None
    fingerprint: bytes
    claims: tuple[str, ...]


WISHES = st.builds(
    Wish,
    stream=st.sampled_from("ab"),
    lag=st.sampled_from([0, 0, 0, 0, -1, 1]),
    events=st.integers(1, 3),
    key=st.sampled_from([None, None, "k1", "k2"]),
    fingerprint=st.sampled_from([b"1", b"1", b"2"]),
    claims=st.lists(st.sampled_from("XYZ"), max_size=2, unique=True).map(tuple),
)


@dataclass(slots=True)
class Model:
    """What the log should say."""

    log: list[str] = field(default_factory=list)
    keys: dict[str, bytes] = field(default_factory=dict)
    claims: dict[str, str] = field(default_factory=dict)

    def version(self, stream: str) -> int:
        return self.log.count(stream)

    def append(self, wish: Wish, expected: int) -> Outcome:
        if wish.key in self.keys:
            return (Duplicate if self.keys[wish.key] == wish.fingerprint else KeyReused,)
        if expected != self.version(wish.stream):
            return Conflict, self.version(wish.stream)
        if any(self.claims.get(value, wish.stream) != wish.stream for value in wish.claims):
            return ClaimTaken, "code"
        if wish.key is not None:
            self.keys[wish.key] = wish.fingerprint
        self.claims.update(dict.fromkeys(wish.claims, wish.stream))
        self.log += [wish.stream] * wish.events
        return Appended, self.version(wish.stream), len(self.log)


def outcome(result: AppendResult) -> Outcome:
    match result:
        case Appended():
            return Appended, result.version, result.position
        case Conflict():
            return Conflict, result.version
        case ClaimTaken():
            return ClaimTaken, result.scope
        case Duplicate() | KeyReused():
            return (type(result),)


def as_command(wish: Wish, expected: int) -> Append:
    return command(
        wish.stream,
        expected,
        *["x"] * wish.events,
        key=wish.key,
        fingerprint=wish.fingerprint,
        claims=[("code", value) for value in wish.claims],
    )


async def compare(log: Log, batches: list[list[Wish]]) -> None:
    model = Model()
    for batch in batches:
        commands, wanted = [], []
        for wish in batch:
            expected = max(model.version(wish.stream) + wish.lag, 0)
            commands.append(as_command(wish, expected))
            wanted.append(model.append(wish, expected))
        results = [result for call in as_calls(commands) for result in await log.append(*call)]
        assert [outcome(result) for result in results] == wanted
    events = await log.events()
    assert [event.stream for event in events] == model.log
    assert [event.position for event in events] == list(range(1, len(events) + 1))


async def test_append_does_what_the_model_does(log: Log) -> None:
    loop = asyncio.get_running_loop()

    @settings(
        max_examples=60, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(st.lists(WISHES, min_size=1, max_size=5), min_size=1, max_size=6))
    def examples(batches: list[list[Wish]]) -> None:
        made = new_log(log.database, log.pool)
        asyncio.run_coroutine_threadsafe(compare(made, batches), loop).result(30)

    run: Callable[[], None] = examples
    await asyncio.to_thread(run)
