"""States in memory: those used last, within their bytes."""

import dataclasses
import sys
from typing import Any

import pytest

from genjin_api.state_cache import StateCache, estimated_bytes
from tests.api_process import ApiProcess
from tests.projects.histories import random_story
from tests.world import World

STATE = {"text": "x" * 1000}
SIZE = estimated_bytes(STATE)


def test_what_was_used_longest_ago_makes_room() -> None:
    cache = StateCache(bytes_max=3 * SIZE)
    for key in ("a", "b", "c"):
        cache.keep((key,), STATE, 1)
    assert cache.find(("a",)) is not None
    cache.keep(("d",), STATE, 1)
    assert [key for key in "abcd" if cache.peek((key,))] == ["a", "c", "d"]


def test_a_state_that_is_too_large_for_the_whole_cache_is_not_kept() -> None:
    cache = StateCache(bytes_max=SIZE)
    cache.keep(("large",), {"text": "x" * 2000}, 1)
    assert cache.peek(("large",)) is None
    cache.keep(("fits",), STATE, 1)
    assert cache.peek(("fits",)) is not None


def test_a_state_that_grows_is_measured_again() -> None:
    cache = StateCache(bytes_max=3 * SIZE)
    cache.keep(("other",), STATE, 1)
    for version in range(1, 102):
        cache.keep(("grows",), {"text": "x" * 25 * version}, version)
    assert cache.peek(("other",)) is None
    assert cache.peek(("grows",)) is not None


def test_an_older_state_does_not_replace_a_newer_one() -> None:
    cache = StateCache(bytes_max=3 * SIZE)
    cache.keep(("a",), "newer", 7)
    cache.keep(("a",), "older", 6)
    kept = cache.peek(("a",))
    assert kept is not None
    assert kept.state == "newer"


@pytest.mark.parametrize("seed", range(3))
def test_the_estimate_is_near_to_what_the_objects_take(seed: int) -> None:
    state = random_story(seed, steps=100).now
    assert 0.8 < estimated_bytes(state) / _bytes_of(state, set()) < 2


def _bytes_of(value: Any, seen: set[int]) -> int:
    """Every object below a state, each once."""
    if id(value) in seen:
        return 0
    seen.add(id(value))
    below: list[Any] = []
    if isinstance(value, dict):
        below = [*value, *value.values()]
    elif isinstance(value, list | tuple):
        below = [*value]
    elif dataclasses.is_dataclass(value):
        below = [getattr(value, field.name) for field in dataclasses.fields(value)]
    elif hasattr(value, "__dict__"):
        below = [value.__dict__]
    return sys.getsizeof(value) + sum(_bytes_of(item, seen) for item in below)


async def test_the_metrics_show_states_bytes_hits_and_misses(world: World, api: ApiProcess) -> None:
    path = await world.project()
    before = await _metrics(world)
    assert before["genjin_state_cache_states"] > 0
    assert before["genjin_state_cache_bytes"] > 1000
    assert before["genjin_state_cache_misses_total"] > 0
    await world.marketer.get(f"{path}/gate")
    after = await _metrics(world)
    assert after["genjin_state_cache_hits_total"] > before["genjin_state_cache_hits_total"]


async def _metrics(world: World) -> dict[str, float]:
    lines = (await world.owner.get("/metrics")).text.splitlines()
    pairs = [line.rpartition(" ") for line in lines if line.startswith("genjin_state_cache")]
    return {name: float(value) for name, _, value in pairs}
