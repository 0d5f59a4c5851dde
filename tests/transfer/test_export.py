"""The export over HTTP: the whole log with its proof, or what a filter leaves of it."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from tests.feed.steps import everything, record
from tests.http.asserting import assert_problem, newest_position
from tests.log.log import chained, genesis
from tests.transfer.files import EXPORT, export_of, parsed
from tests.world import World

Document = dict[str, Any]


def root_of(leaves: list[bytes]) -> bytes:
    """RFC 9162 §2.1.1, as it is written there."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha256(b"").digest()
    middle = 1
    while middle * 2 < len(leaves):
        middle *= 2
    return sha256(b"\x01" + root_of(leaves[:middle]) + root_of(leaves[middle:])).digest()


def leaf_of(line: bytes) -> bytes:
    """From an event's line alone, as an auditor does it."""
    body, _, told = line.rpartition(b',"leaf_hash":"')
    leaf = sha256(b"\x00" + body + b"}").digest()
    assert told == leaf.hex().encode() + b'"}'
    return leaf


def events_of(export: bytes) -> list[Document]:
    return [line for line in parsed(export) if "leaf_hash" in line]


async def test_an_export_is_the_log_and_proves_it(lived: World, lived_export: bytes) -> None:
    opening, *lines = parsed(lived_export)
    events = events_of(lived_export)
    assert opening == {
        "export": "genjin.log/1",
        "workspace_id": lived.workspace_id,
        "first_position": 1,
        "last_position": len(events),
        "filters": None,
        "exported_at": opening["exported_at"],
    }
    assert events == await everything(lived.owner, position_to=len(events) + 1)
    leaves = [leaf_of(line) for line in lived_export.splitlines() if b'"leaf_hash"' in line]
    end = {"count": len(events), "last_position": len(events), "root": root_of(leaves).hex()}
    assert lines[-1] == {"end": {**end, "checkpoint": None, "earlier_checkpoints": []}}


async def test_each_commit_stands_behind_its_events_and_continues_the_chain(
    lived: World, lived_export: bytes
) -> None:
    head = genesis(UUID(lived.workspace_id))
    position, leaves, commits = 0, list[bytes](), 0
    for line in lived_export.splitlines()[1:-1]:
        if line.startswith(b'{"commit":'):
            commit = orjson.loads(line)["commit"]
            assert (commit["first_position"], commit["last_position"]) == (
                position - len(leaves) + 1,
                position,
            )
            assert commit["previous_hash"] == head.hex()
            head = chained(head, commit["first_position"], position, leaves)
            assert commit["hash"] == head.hex()
            leaves, commits = [], commits + 1
        else:
            position += 1
            leaves.append(leaf_of(line))
    assert not leaves
    assert commits > 50


FILTERS: dict[str, tuple[dict[str, Any], Callable[[Document], bool]]] = {
    "one noun": ({"type": "stage.*"}, lambda event: event["type"].startswith("stage.")),
    "all but two nouns": (
        {"phrase": "-type:form.*,api_key.*"},
        lambda event: not event["type"].startswith(("form.", "api_key.")),
    ),
    "a range": (
        {"position_from": 10, "position_to": 30},
        lambda event: 10 <= event["position"] < 30,
    ),
    "nothing": ({"type": "never.*"}, lambda _event: False),
}


@pytest.mark.parametrize("name", FILTERS)
async def test_a_filtered_export_has_the_events_that_match_and_the_root_of_the_whole_log(
    lived: World, name: str
) -> None:
    """Each export leaves a record of its own, so the whole log is read after it, and up to where it stood."""
    query, fits = FILTERS[name]
    opening, *lines = parsed(await export_of(lived.auditor, **query))
    last = opening["last_position"]
    whole = (await export_of(lived.auditor)).splitlines()[1:-1]
    told = [line for line in whole if b'"leaf_hash"' in line][:last]
    wanted = [event for event in map(orjson.loads, told) if fits(event)]
    assert lines[:-1] == wanted
    assert isinstance(opening["filters"]["phrase"], str)
    end = {
        "count": len(wanted),
        "last_position": last,
        "root": root_of(list(map(leaf_of, told))).hex(),
    }
    assert lines[-1] == {"end": {**end, "checkpoint": None, "earlier_checkpoints": []}}


async def test_an_export_under_writes_is_the_log_up_to_where_it_stood(world: World) -> None:
    project = await world.project()
    writing = asyncio.create_task(record(world, project, *map(str, range(60))))
    exports = []
    while not writing.done():
        head = await newest_position(world)
        export = await export_of(world.owner)
        assert parsed(export)[0]["last_position"] >= head
        exports.append(export)
    whole = (await export_of(world.owner)).splitlines()
    assert len({len(export) for export in exports}) > 1
    for export in exports:
        lines = export.splitlines()
        assert lines[1:-1] == whole[1 : len(lines) - 1]
        assert parsed(export)[-1]["end"]["count"] == parsed(export)[0]["last_position"]


async def test_the_newest_signed_checkpoint_of_the_log_stands_in_the_end_line(
    world: World,
) -> None:
    head = await newest_position(world)
    for size, note in ((head - 1, "older"), (head, "newest"), (head + 1, "of later events")):
        await seal(world, size, note)
    assert parsed(await export_of(world.owner))[-1]["end"]["checkpoint"] == "newest"


async def seal(world: World, size: int, note: str) -> None:
    """As the sealer does, less the signature."""
    owner = await asyncpg.connect(world.api.database.admin_url)
    try:
        await owner.execute(
            "INSERT INTO genjin.signed_checkpoint VALUES ($1, $2, $3, $3, 1, now(), $4)",
            UUID(world.workspace_id),
            size,
            bytes(32),
            note,
        )
    finally:
        await owner.close()


async def test_members_do_not_export(lived: World) -> None:
    assert_problem(await lived.marketer.get(EXPORT), 403, "workspace_role_not_allowed")


async def test_a_filter_that_is_not_understood_is_refused(lived: World) -> None:
    answer = await lived.owner.get(EXPORT, phrase="x")
    assert_problem(answer, 422, "validation_failed", "?phrase")
