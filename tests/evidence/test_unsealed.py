"""What the sealer must not sign: events, commits, checkpoints, tiles and keys that are not what they were."""

import pytest
import structlog

from tests.evidence.running import Said, of, run_until
from tests.evidence.sealed_log import SealedLog
from tests.log.log import new_log


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
            return of(sealed, said) != []

        await run_until(sealed.sealer().run(), noticed)
    assert "position 5: there is no event" in of(sealed, said)[0]["reason"]


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

    await run_until(sealed.sealer().run(), sound_sealed)
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
