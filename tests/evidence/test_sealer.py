"""The sealer on Postgres: checkpoints over whole commits, the same tree however it is sealed, keys that hand over."""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.evidence.merkle import leaf_hash
from genjin.evidence.proofs import consistency_path, inclusion_path, tree_root
from genjin.evidence.verify import KeyRing, consistency_roots, inclusion_root, parse_note
from genjin_notifier.sealer import Sealer
from tests.evidence import reference
from tests.evidence.sealed_log import SealedLog
from tests.log.log import new_log

Said = list[MutableMapping[str, Any]]


async def leaves_of(sealed: SealedLog) -> list[bytes]:
    return [leaf_hash(event.body.encode()) for event in await sealed.log.events()]


async def test_a_checkpoint_is_a_note_over_the_tree_of_all_events(sealed: SealedLog) -> None:
    await sealed.append(3, 1, 7)
    await sealed.seal()
    [row] = await sealed.checkpoints()
    note = parse_note(row["note"])
    head = await sealed.log.pool.fetchval(
        "SELECT hash FROM commit WHERE workspace_id = $1 AND last_position = 11",
        sealed.workspace_id,
    )
    assert note.origin == f"genjin/{sealed.workspace_id}"
    assert (note.size, note.root) == (11, reference.tree_hash(await leaves_of(sealed)))
    assert note.extensions["commit"] == head.hex()
    assert (row["size"], row["root"], row["commit_hash"]) == (11, note.root, head)
    KeyRing(await sealed.first_key()).check(note)


async def test_a_log_without_new_events_gets_no_new_checkpoint(sealed: SealedLog) -> None:
    await sealed.append(2)
    await sealed.seal()
    await sealed.seal()
    assert len(await sealed.checkpoints()) == 1


@given(data=st.data())
@settings(
    max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_split_into_batches_gives_the_same_tree(
    sealed: SealedLog, data: st.DataObject
) -> None:
    commits = data.draw(st.lists(st.integers(1, 300), min_size=1, max_size=6))
    seals = data.draw(st.lists(st.booleans(), min_size=len(commits), max_size=len(commits)))
    fresh = SealedLog(
        new_log(sealed.log.database, sealed.log.pool), sealed.notifier_pool, sealed.superuser
    )
    for size, then_seal in zip(commits, seals, strict=True):
        await fresh.append(size)
        if then_seal:
            await fresh.seal()
    await fresh.seal()
    root = reference.tree_hash(await leaves_of(fresh))
    assert (await fresh.checkpoints())[-1]["root"] == root
    assert await tree_root(fresh.log.pool, fresh.workspace_id, sum(commits)) == root


async def test_proofs_from_the_stored_tree_hold_for_any_sizes(sealed: SealedLog) -> None:
    await sealed.append(255, 1, 256, 700, 90)
    for _ in range(3):
        await sealed.append(17)
        await sealed.seal()
    leaves, place = await leaves_of(sealed), (sealed.log.pool, sealed.workspace_id)
    size = len(leaves)
    for first, second in [
        (1, size),
        (255, 256),
        (256, 257),
        (511, 1300),
        (1024, size),
        (size,) * 2,
    ]:
        old, new = reference.tree_hash(leaves[:first]), reference.tree_hash(leaves[:second])
        path = await consistency_path(*place, first, second)
        assert consistency_roots(first, second, old, path) == (old, new)
        path = await inclusion_path(*place, first, second)
        assert inclusion_root(first - 1, second, leaves[first - 1], path) == new


async def test_a_backlog_is_sealed_in_pieces_without_waiting(sealed: SealedLog) -> None:
    await sealed.append(*[900] * 5)

    async def all_sealed() -> bool:
        return [row["size"] for row in await sealed.checkpoints()] == [1800, 3600, 4500]

    await run_until(sealed.sealer(), all_sealed)
    assert (await sealed.checkpoints())[-1]["root"] == reference.tree_hash(await leaves_of(sealed))


async def test_a_commit_is_never_divided(sealed: SealedLog) -> None:
    await sealed.append(1, 2500, 1)
    sealer = sealed.sealer()
    for _ in range(3):
        await sealer.seal(sealed.workspace_id)
    assert [row["size"] for row in await sealed.checkpoints()] == [1, 2501, 2502]


async def test_a_new_term_goes_on_where_the_last_one_left_off(sealed: SealedLog) -> None:
    """Past a tile of tiles too."""
    await sealed.insert(65_300)
    for size in (250, 300, 1):
        await sealed.seal()
        await sealed.append(size)
    await sealed.seal()
    [*_, last] = await sealed.checkpoints()
    root = reference.tree_hash(await leaves_of(sealed))
    assert (last["size"], last["root"]) == (65_851, root)
    place = sealed.log.pool, sealed.workspace_id
    old = await tree_root(*place, 551)
    path = await consistency_path(*place, 551, 65_851)
    assert consistency_roots(551, 65_851, old, path) == (old, root)


async def test_two_sealers_at_once_leave_one_line_of_checkpoints(sealed: SealedLog) -> None:
    one, other = sealed.sealer(), sealed.sealer()
    for size in (3, 300, 5):
        await sealed.append(size)
        await asyncio.gather(one.seal(sealed.workspace_id), other.seal(sealed.workspace_id))
    await sealed.seal()
    rows = await sealed.checkpoints()
    leaves = await leaves_of(sealed)
    assert [row["size"] for row in rows] == [3, 303, 308]
    assert [row["root"] for row in rows] == [
        reference.tree_hash(leaves[: row["size"]]) for row in rows
    ]
    assert len(await sealed.keys()) == 1


# Keys


async def test_a_key_hands_over_at_the_checkpoint_that_covers_the_request(
    sealed: SealedLog,
) -> None:
    await sealed.append(2)
    await sealed.seal()
    await sealed.ask_for_rotation()
    await sealed.append(1)
    await sealed.seal()
    await sealed.append(1)
    await sealed.seal()
    first, second = await sealed.keys()
    notes = [parse_note(row["note"]) for row in await sealed.checkpoints()]
    assert (first["from_size"], second["from_size"]) == (0, 4)
    assert [len(note.signatures) for note in notes] == [1, 2, 1]
    assert second["note"] == (await sealed.checkpoints())[1]["note"]
    ring = KeyRing(await sealed.first_key())
    for note in notes:
        ring.check(note)


async def test_the_private_half_of_a_retired_key_is_destroyed(sealed: SealedLog) -> None:
    await sealed.append(1)
    await sealed.seal()
    await sealed.ask_for_rotation()
    await sealed.seal()
    query = "SELECT number FROM genjin.log_key_secret WHERE workspace_id = $1"
    assert [row[0] for row in await sealed.superuser.fetch(query, sealed.workspace_id)] == [2]


async def test_a_request_before_the_first_checkpoint_makes_two_keys(sealed: SealedLog) -> None:
    await sealed.ask_for_rotation()
    await sealed.seal()
    ring = KeyRing(await sealed.first_key())
    ring.check(parse_note(await sealed.note()))
    assert [row["number"] for row in await sealed.keys()] == [1, 2]


# What must not be signed


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        ("UPDATE genjin.event SET body = replace(body, 'fact', 'fiction') %s = 5", 5),
        ("UPDATE genjin.event SET leaf_hash = sha256('') %s = 7", 7),
        ("DELETE FROM genjin.event %s = 6", 6),
        ("DELETE FROM genjin.event %s = 9", 9),
    ],
)
async def test_an_event_that_is_not_what_was_hashed_is_never_signed(
    sealed: SealedLog, statement: str, position: int
) -> None:
    await sealed.append(4)
    await sealed.seal()
    await sealed.append(2, 3)
    await sealed.tamper(statement % "WHERE workspace_id = $1 AND position")
    [said] = await complaints(sealed)
    assert f"position {position}:" in said["reason"] and said["log_level"] == "error"
    assert [row["size"] for row in await sealed.checkpoints()] == [4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE genjin.commit SET hash = sha256('') WHERE workspace_id = $1 AND last_position = 6",
        "UPDATE genjin.commit SET previous_hash = '' WHERE workspace_id = $1 AND last_position = 6",
        "UPDATE genjin.commit SET first_position = 6 WHERE workspace_id = $1 AND last_position = 6",
        "DELETE FROM genjin.commit WHERE workspace_id = $1 AND last_position = 6",
    ],
)
async def test_a_commit_that_does_not_follow_is_never_signed(
    sealed: SealedLog, statement: str
) -> None:
    await sealed.append(4)
    await sealed.seal()
    await sealed.append(2, 3)
    assert await sealed.tamper(statement) == 1
    [said] = await complaints(sealed)
    assert "position 5: the commit here does not follow" in said["reason"]
    assert [row["size"] for row in await sealed.checkpoints()] == [4]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE genjin.commit SET hash = sha256('') WHERE workspace_id = $1 AND last_position = 4",
        "DELETE FROM genjin.commit WHERE workspace_id = $1 AND last_position = 4",
        "DELETE FROM genjin.commit WHERE workspace_id = $1 AND last_position >= 4",
        "DELETE FROM genjin.commit WHERE workspace_id = $1",
        "UPDATE genjin.event SET body = '{}' WHERE workspace_id = $1 AND position = 3",
        "UPDATE genjin.signed_checkpoint SET root = sha256('') WHERE workspace_id = $1",
        "UPDATE genjin.signed_checkpoint SET note = replace(note, '4', '5') WHERE workspace_id = $1",
        "UPDATE genjin.log_key SET public_key = sha256('') WHERE workspace_id = $1",
        "DELETE FROM genjin.log_key WHERE workspace_id = $1",
        "DELETE FROM genjin.log_key_secret WHERE workspace_id = $1",
    ],
)
async def test_a_log_that_is_not_the_sealed_one_is_never_signed(
    sealed: SealedLog, statement: str
) -> None:
    await sealed.append(4)
    await sealed.seal()
    await sealed.append(2)
    assert await sealed.tamper(statement) > 0
    [said] = await complaints(sealed)
    assert said["event"] == "log_not_sealed" and said["workspace_id"] == str(sealed.workspace_id)
    assert [row["size"] for row in await sealed.checkpoints()] == [4]


async def test_a_tile_that_was_changed_ends_the_signing_of_the_next_term(
    sealed: SealedLog,
) -> None:
    await sealed.append(300)
    await sealed.seal()
    await sealed.append(1)
    await sealed.tamper("UPDATE genjin.evidence_tile SET root = sha256('') WHERE workspace_id = $1")
    [said] = await complaints(sealed)
    assert "the tree up to here is not the sealed" in said["reason"]


async def test_a_log_that_ends_before_its_last_checkpoint_is_noticed_by_the_scan(
    sealed: SealedLog,
) -> None:
    await sealed.append(4, 2)
    await sealed.seal()
    await sealed.tamper(
        "DELETE FROM genjin.event WHERE workspace_id = $1 AND position > 4",
        "DELETE FROM genjin.commit WHERE workspace_id = $1 AND last_position > 4",
    )
    with structlog.testing.capture_logs() as said:

        async def noticed() -> bool:
            return _of(sealed, said) != []

        await run_until(sealed.sealer(), noticed)
    assert "position 5: there is no event" in _of(sealed, said)[0]["reason"]


async def test_a_log_that_cannot_be_sealed_does_not_keep_others_from_it(
    sealed: SealedLog,
) -> None:
    await sealed.append(3)
    await sealed.tamper("UPDATE genjin.event SET body = '{}' WHERE workspace_id = $1")
    sound = SealedLog(
        new_log(sealed.log.database, sealed.log.pool), sealed.notifier_pool, sealed.superuser
    )
    await sound.append(3)

    async def sound_sealed() -> bool:
        return len(await sound.checkpoints()) == 1

    await run_until(sealed.sealer(), sound_sealed)
    assert await sealed.checkpoints() == []


async def test_a_log_that_was_mended_is_sealed_on(sealed: SealedLog) -> None:
    await sealed.append(3)
    change = "UPDATE genjin.event SET body = replace(body, '%s', '%s') WHERE workspace_id = $1"
    await sealed.tamper(change % ("fact", "fake"))
    sealer = sealed.sealer()
    await sealer.seal(sealed.workspace_id)
    assert await sealed.checkpoints() == []
    await sealed.tamper(change % ("fake", "fact"))
    await sealer.seal(sealed.workspace_id)
    assert len(await sealed.checkpoints()) == 1


async def complaints(sealed: SealedLog) -> Said:
    """What a new sealer says in its log of this workspace, asked twice."""
    sealer = sealed.sealer()
    with structlog.testing.capture_logs() as said:
        await sealer.seal(sealed.workspace_id)
        await sealer.seal(sealed.workspace_id)
    return said


def _of(sealed: SealedLog, said: Said) -> Said:
    return [each for each in said if each.get("workspace_id") == str(sealed.workspace_id)]


async def run_until(sealer: Sealer, done: Callable[[], Awaitable[bool]]) -> None:
    running = asyncio.create_task(sealer.run())
    async with asyncio.timeout(30):
        while not await done():  # noqa: ASYNC110  # no event tells
            await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
