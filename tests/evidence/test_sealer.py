"""The sealer on Postgres: checkpoints over whole commits, and the same tree however it is sealed."""

import asyncio

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin.evidence.merkle import leaf_hash
from genjin.evidence.proofs import consistency_path, inclusion_path, tree_root
from genjin.evidence.verify import KeyRing, consistency_roots, inclusion_root, parse_note
from tests.evidence import reference
from tests.evidence.running import run_until
from tests.evidence.sealed_log import SealedLog
from tests.log.log import new_log


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

    await run_until(sealed.sealer().run(), all_sealed)
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
