"""States in memory: those used last, within their bytes."""

import dataclasses
import sys
from typing import Any

import pytest

from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged
from genjin_api.state_cache import StateCache, estimated_bytes
from tests.api_process import ApiProcess
from tests.databases import Database
from tests.projects.histories import random_story
from tests.states.test_snapshots import Stream
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


def test_what_a_state_gains_before_it_is_measured_again_counts() -> None:
    """A large form comes with each event, after the nearly empty state of the beginning."""
    cache, forms = StateCache(bytes_max=3 * 2**20), ""
    cache.keep(("other",), STATE, 1)
    for version in range(1, 50):
        form = "x" * 50_000 if version > 1 else ""
        forms += form
        kept = cache.keep(("grows",), {"text": forms}, version, written=len(form))
        size = estimated_bytes({"text": forms})
        assert size <= kept.bytes <= 2 * size
    assert cache.peek(("other",)) is None
    assert cache.peek(("grows",)) is None


def test_a_state_that_stays_as_large_is_not_counted_for_all_that_was_written() -> None:
    cache = StateCache(bytes_max=3 * SIZE)
    for version in range(1, 200):
        kept = cache.keep(("overwritten",), STATE, version, written=len(STATE["text"]))
        assert SIZE <= kept.bytes <= 2 * SIZE


async def test_loads_and_appends_count_what_their_events_bring(fresh_database: Database) -> None:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    try:
        stream = Stream(pool)
        await stream.grow(3)
        process = stream.process()
        for number in range(20):
            await stream.tell([HeaderChanged(header={f"field {number}": "字" * 10_000})])
            state = await process.load() if number % 2 else await stream.process().load()
            assert state is not None
            process.keep(state)
            kept = process.cache.peek((stream.workspace_id, stream.name))
            assert kept is not None
            assert estimated_bytes(state) <= kept.bytes <= 2 * estimated_bytes(state)
    finally:
        await pool.close()


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
