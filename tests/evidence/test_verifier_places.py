"""genjin-verify where a log was at several places, and at which positions it says that something is wrong."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from genjin.evidence.note import Checkpoint, SigningKey, sign
from genjin.evidence.verify import BadEvidence, KeyRing, parse_note
from tests.evidence.sealed_log import SealedLog, verify


@pytest.fixture
async def history(sealed: SealedLog) -> SealedLog:
    """14 events in commits of 2, 3, 6 and 3, sealed at 5 and at 11."""
    await sealed.append(2, 3)
    await sealed.seal()
    await sealed.append(6)
    await sealed.seal()
    await sealed.append(3)
    return sealed


def written(path: Path, value: Any) -> Path:
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"))
    path.write_text(text, encoding="utf-8")
    return path


async def export_with_end(history: SealedLog, folder: Path, **members: Any) -> Path:
    """The log's export, its end line having these members in place of its own."""
    export = await history.export(folder / "export")
    *lines, last = export.read_text().splitlines()
    end = {"end": json.loads(last)["end"] | members}
    return written(export, "\n".join([*lines, json.dumps(end, separators=(",", ":")), ""]))


async def signed_elsewhere(
    history: SealedLog, size: int, *keys: SigningKey, root: bytes | None = None
) -> str:
    """A checkpoint of this log as another installation signs it."""
    made = next(row for row in await history.checkpoints() if row["size"] == size)
    checkpoint = Checkpoint(
        origin=keys[0].name,
        size=size,
        root=root or made["root"],
        commit_hash=made["commit_hash"],
        sealed_at=datetime.now(UTC),
        next_key=keys[1].verifier_key if len(keys) > 1 else None,
    )
    return sign(checkpoint, keys)


def key_elsewhere(history: SealedLog, number: int = 1) -> SigningKey:
    """Also the first part of the log's name is another one there."""
    return SigningKey.generate(number, f"before/{history.workspace_id}")


# Several keys


async def test_checkpoints_of_two_places_are_checked_with_a_key_of_each(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = key_elsewhere(history), await history.first_key()
    earlier = [await signed_elsewhere(history, 5, old)]
    export = await export_with_end(history, tmp_path, earlier_checkpoints=earlier)
    for keys in ((old.verifier_key, new), (new, old.verifier_key)):
        assert verify("export", export, *(part for key in keys for part in ("--key", key))) == 0
        assert "signed by the log's key: the checkpoints 11, 5" in capsys.readouterr().out


async def test_a_key_that_nothing_was_held_against_is_no_proof(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever brought the log in could else rewrite it, and leave out what the old place had signed."""
    old, new = key_elsewhere(history), await history.first_key()
    export = await export_with_end(history, tmp_path, earlier_checkpoints=[])
    assert verify("export", export, "--key", old.verifier_key, "--key", new) == 1
    assert "nothing here could be held against the key of" in capsys.readouterr().out


async def test_a_signature_that_was_made_unknown_does_not_pass_for_a_given_key(
    history: SealedLog, tmp_path: Path
) -> None:
    old, stranger = key_elsewhere(history), key_elsewhere(history, 2)
    earlier = [await signed_elsewhere(history, 5, stranger)]
    export = await export_with_end(history, tmp_path, earlier_checkpoints=earlier)
    keys = "--key", await history.first_key(), "--key", old.verifier_key
    assert verify("export", export, *keys) == 1


async def test_a_key_may_have_handed_over_where_the_log_was_before(
    history: SealedLog, tmp_path: Path
) -> None:
    first, second = key_elsewhere(history), key_elsewhere(history, 2)
    handing_over = await signed_elsewhere(history, 5, first, second)
    keys = written(tmp_path / "keys", {"items": [{"checkpoint": handing_over}]})
    earlier = [await signed_elsewhere(history, 11, second)]
    export = await export_with_end(history, tmp_path, earlier_checkpoints=earlier)
    told = "export", export, "--key", await history.first_key(), "--key", first.verifier_key
    assert verify(*told, "--keys", keys) == 0


async def test_a_signature_that_only_bears_the_name_of_a_trusted_key_fails(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old = key_elsewhere(history)
    note = await signed_elsewhere(history, 5, old)
    other = (await signed_elsewhere(history, 11, old)).rpartition("\n\n")[2]
    forged = f"{note.rpartition(chr(10) * 2)[0]}\n\n{other}"
    export = await export_with_end(history, tmp_path, earlier_checkpoints=[forged])
    told = "export", export, "--key", await history.first_key(), "--key", old.verifier_key
    assert verify(*told) == 1
    assert "size 5 is not signed by a key that stood then" in capsys.readouterr().out


async def test_an_earlier_checkpoint_alone_is_nothing_that_a_key_can_be_held_against(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever edits the file would else put all signatures where they are not asked for."""
    earlier = [await signed_elsewhere(history, 11, key_elsewhere(history))]
    changes = {"checkpoint": None, "earlier_checkpoints": earlier}
    export = await export_with_end(history, tmp_path, **changes)
    assert verify("export", export, "--key", await history.first_key()) == 1
    assert "nothing here could be held against it" in capsys.readouterr().out


async def test_an_earlier_checkpoint_of_other_events_fails_though_its_key_is_not_known(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = [await signed_elsewhere(history, 5, key_elsewhere(history), root=bytes(32))]
    export = await export_with_end(history, tmp_path, earlier_checkpoints=earlier)
    assert verify("export", export, "--key", await history.first_key()) == 1
    assert "FAILED at position 1: events 1 to 5" in capsys.readouterr().out


async def test_a_key_of_another_log_is_no_key_of_this_one(history: SealedLog) -> None:
    note = parse_note((await history.checkpoints())[0]["note"])
    other = SigningKey.generate(1, "genjin/other").verifier_key
    with pytest.raises(BadEvidence):
        KeyRing(other, key_elsewhere(history).verifier_key).check(note)
    KeyRing(other, await history.first_key()).check(note)


# Positions


async def test_a_wrong_root_at_the_end_is_placed_behind_the_last_checkpoint_that_holds(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = await export_with_end(history, tmp_path, root="0" * 64)
    assert verify("export", export) == 1
    said = capsys.readouterr().out
    assert said.startswith("FAILED at position 12:") and "between positions 12 and 14" in said


async def test_a_wrong_root_is_placed_between_the_checkpoints_that_hold_and_do_not(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = await export_with_end(history, tmp_path)
    old = key_elsewhere(history)
    files = [
        written(tmp_path / f"note-{size}", await signed_elsewhere(history, size, old, root=root))
        for size, root in ((5, None), (11, bytes(32)))
    ]
    kept = [part for file in files for part in ("--checkpoint", file)]
    assert verify("export", export, *kept) == 1
    said = capsys.readouterr().out
    assert "FAILED at position 6: events 6 to 11 are not those that were signed" in said


@pytest.mark.parametrize(("count", "position"), [(13, 14), (15, 15), (0, 1), (-3, 1)])
async def test_a_wrong_count_is_placed_at_the_first_event_too_many_or_missing(
    history: SealedLog,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    count: int,
    position: int,
) -> None:
    export = await export_with_end(history, tmp_path, count=count)
    assert verify("export", export) == 1
    said = capsys.readouterr().out
    assert said.startswith(f"FAILED at position {position}: the end says {count} events")


async def test_a_split_view_is_placed_behind_what_both_views_begin_with(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = await history.checkpoints()
    notes = [written(tmp_path / f"note-{row['size']}", row["note"]) for row in rows]
    before = written(tmp_path / "5-11", await history.consistency(5, 11))
    await history.tamper(
        "UPDATE genjin.event SET body = replace(body, 'fact', 'fake'), leaf_hash ="
        " sha256('\\x00'::bytea || convert_to(replace(body, 'fact', 'fake'), 'UTF8'))"
        " WHERE workspace_id = $1 AND position = 8"
    )
    told_anew = await history.consistency(5, 11) | {"to_checkpoint": None}
    after = written(tmp_path / "5-11 anew", told_anew)
    old = key_elsewhere(history)
    root = bytes.fromhex(told_anew["to_root"])
    other = written(tmp_path / "other", await signed_elsewhere(history, 11, old, root=root))
    assert verify("checkpoints", notes[1], other) == 1
    assert "FAILED at position 1:" in capsys.readouterr().out
    assert verify("checkpoints", *notes, other, before, after) == 1
    said = capsys.readouterr().out
    assert "FAILED at position 6:" in said and "a split view" in said
    assert "between positions 6 and 11" in said


@pytest.mark.parametrize(("member", "position"), [("from_root", 1), ("to_root", 6)])
async def test_a_consistency_proof_that_fails_is_placed_by_the_tree_that_is_another(
    history: SealedLog,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    member: str,
    position: int,
) -> None:
    proof = written(tmp_path / "proof", await history.consistency(5, 11) | {member: "0" * 64})
    assert verify("consistency", proof) == 1
    assert capsys.readouterr().out.startswith(f"FAILED at position {position}:")


async def test_an_inclusion_proof_that_fails_is_placed_at_its_event(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    proof = written(tmp_path / "proof", await history.inclusion(7, 11) | {"root": "0" * 64})
    assert verify("proof", proof) == 1
    assert capsys.readouterr().out.startswith("FAILED at position 7:")
