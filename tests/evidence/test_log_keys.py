"""The keys that sign a log's checkpoints: each hands over to the next, and its private half goes."""

from genjin.evidence.verify import KeyRing, parse_note
from tests.evidence.sealed_log import SealedLog


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
