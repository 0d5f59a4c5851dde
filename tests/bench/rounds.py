"""Ours and the baseline by turns, so that whatever drifts on the machine hits both."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

Result = TypeVar("Result")
Side = Callable[[float], Awaitable[Result]]


async def by_turns(rounds: int, seconds: float, *sides: Side[Result]) -> tuple[list[Result], ...]:
    """One list of results per side. Every other round goes backwards: nobody is always the first or the last."""
    results: tuple[list[Result], ...] = tuple([] for _ in sides)
    for number in range(rounds):
        order = list(range(len(sides)))
        for index in order if number % 2 == 0 else reversed(order):
            results[index].append(await sides[index](seconds))
    return results
