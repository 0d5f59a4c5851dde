"""genjin-verify as its users run it: exports, proofs and chains from a real log, and each with a byte changed."""

import json
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from genjin.evidence import verify as module
from genjin.evidence.note import Checkpoint, SigningKey, sign
from genjin.evidence.verify import inclusion_root, parse_note
from tests.evidence.sealed_log import SealedLog, verify


@pytest.fixture
async def history(sealed: SealedLog) -> SealedLog:
    """12 events, sealed at 5, 6 (where the key hands over) and 12."""
    await sealed.append(2, 3)
    await sealed.seal()
    await sealed.ask_for_rotation()
    await sealed.seal()
    await sealed.append(6)
    await sealed.seal()
    return sealed


async def keys_file(history: SealedLog, folder: Path) -> Path:
    """As GET /v1/log/keys answers."""
    listed = [{"number": row["number"], "checkpoint": row["note"]} for row in await history.keys()]
    return written(folder / "keys", {"items": listed})


def written(path: Path, value: Any) -> Path:
    path.write_text(value if isinstance(value, str) else compact(value), encoding="utf-8")
    return path


def compact(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


async def event_file(history: SealedLog, position: int, folder: Path) -> Path:
    return written(folder / "event", (await history.log.events())[position - 1].public_json())


def test_it_imports_the_standard_library_alone() -> None:
    """-I -S: no environment, no installed packages."""
    file = str(module.__file__)
    run = subprocess.run([sys.executable, "-I", "-S", file, "--help"], capture_output=True)
    assert run.returncode == 0 and b"genjin-verify" in run.stdout


async def test_an_export_is_checked_with_the_first_key_and_the_hand_overs(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export, key = await history.export(tmp_path / "export"), await history.first_key()
    keys = await keys_file(history, tmp_path)
    assert verify("export", export, "--key", key, "--keys", keys) == 0
    assert "signed by the log's key: the checkpoints 12" in capsys.readouterr().out
    assert verify("export", export, "--key", key) == 1
    assert "size 12 is not signed by a key that stood then" in capsys.readouterr().out


async def test_a_hand_over_that_does_not_fit_the_export_fails_it(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The keys' notes are checkpoints like others: here of another history, signed by the same keys."""
    first, second = (SigningKey.generate(number, history.origin) for number in (1, 2))
    other = Checkpoint(
        history.origin, 6, bytes(32), bytes(32), datetime.now(UTC), second.verifier_key
    )
    keys = written(tmp_path / "keys", {"items": [{"checkpoint": sign(other, [first, second])}]})
    export = await history.export(tmp_path / "export")
    lines = export.read_text().splitlines()
    end = json.loads(lines[-1])
    end["end"]["checkpoint"] = None
    written(export, "\n".join([*lines[:-1], compact(end), ""]))
    assert verify("export", export, "--key", first.verifier_key, "--keys", keys) == 1
    assert "events 1 to 6 are not those that were signed" in capsys.readouterr().out


async def test_one_file_is_checked_at_a_time(history: SealedLog, tmp_path: Path) -> None:
    export = await history.export(tmp_path / "export")
    with pytest.raises(SystemExit) as ended:
        verify("export", export, export)
    assert ended.value.code == 2


async def test_what_was_not_checked_is_said(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify("export", await history.export(tmp_path / "export")) == 0
    assert "NOT CHECKED: the signatures of the checkpoints 12" in capsys.readouterr().out


async def test_any_changed_byte_of_an_export_fails_it(history: SealedLog, tmp_path: Path) -> None:
    sound = (await history.export(tmp_path / "export")).read_bytes()
    told = (
        sound.index(b',"exported_at"'),
        sound.index(b"}\n"),
    )  # by whom it was made, not by the log
    arguments = "--key", await history.first_key(), "--keys", await keys_file(history, tmp_path)
    chance = random.Random(7)
    for _ in range(60):
        at = chance.choice([n for n in range(len(sound) - 1) if not told[0] <= n < told[1]])
        changed = bytearray(sound)
        changed[at] = chance.choice([n for n in range(256) if n != sound[at]])
        (tmp_path / "changed").write_bytes(changed)
        assert verify("export", tmp_path / "changed", *arguments) != 0, (at, changed[at])


@pytest.mark.parametrize("kept", [0.2, 0.5, 0.99])
async def test_an_export_that_was_cut_off_fails(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str], kept: float
) -> None:
    lines = (await history.export(tmp_path / "export")).read_text().splitlines(keepends=True)
    written(tmp_path / "cut", "".join(lines[: int(len(lines) * kept)]))
    assert verify("export", tmp_path / "cut") == 1
    assert "cut off: there is no end line" in capsys.readouterr().out


async def test_an_export_that_was_cut_short_says_so_in_one_line_whatever_its_reason(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And that a checkpoint which a witness has kept is of more than is here."""
    witnessed = written(tmp_path / "note", await history.note())
    lines = (await history.export(tmp_path / "export")).read_text().splitlines()
    commit = next(
        n
        for n, line in enumerate(lines)
        if line.startswith('{"commit"') and '"last_position":5' in line
    )
    short = {
        "count": 5,
        "last_position": 5,
        "position": 6,
        "checkpoint": None,
        "root": parse_note((await history.checkpoints())[0]["note"]).root.hex(),
    }
    for reason, code in (("", 1), ("lost\nOK\u2028\x1b[2K", 3)):
        end = compact({"cut_short": {**short, "reason": reason}})
        export = written(tmp_path / "short", "\n".join([*lines[: commit + 1], end, ""]))
        assert verify("export", export, "--checkpoint", witnessed) == code
    told = capsys.readouterr().out.splitlines()
    cut = "CUT SHORT: the log goes to 12, but it is damaged behind 5: lost\\nOK\\u2028\\x1b[2K"
    assert cut in told and "OK" not in told
    more = "the checkpoints 12, which are of more events than the 5 that are here"
    assert f"NOT CHECKED: {more}" in told


async def test_a_filtered_export_is_checked_event_by_event(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = (await history.export(tmp_path / "export")).read_text().splitlines()
    header = json.loads(lines[0]) | {"filters": {"type": "test.noted"}}
    events = [line for line in lines if '"leaf_hash":"' in line][2:9:3]
    end = json.loads(lines[-1])
    end["end"]["count"] = len(events)
    filtered = written(tmp_path / "f", "\n".join([compact(header), *events, compact(end), ""]))
    assert verify("export", filtered) == 0
    assert "NOT CHECKED: the root" in capsys.readouterr().out
    written(filtered, filtered.read_text().replace("fact 0", "fact 9", 1))
    assert verify("export", filtered) == 1
    assert "the leaf hash is not that of the event" in capsys.readouterr().out


async def test_every_inclusion_proof_holds_for_its_event_and_no_other(
    history: SealedLog, tmp_path: Path
) -> None:
    key, keys = await history.first_key(), await keys_file(history, tmp_path)
    for position in range(1, 13):
        proof = written(tmp_path / "proof", await history.inclusion(position, 12))
        event = await event_file(history, position, tmp_path)
        assert verify("proof", proof, "--event", event, "--key", key, "--keys", keys) == 0
        other = await event_file(history, position % 12 + 1, tmp_path)
        assert verify("proof", proof, "--event", other) == 1


async def test_any_changed_byte_of_a_proof_fails_it(history: SealedLog, tmp_path: Path) -> None:
    arguments = "--key", await history.first_key(), "--keys", await keys_file(history, tmp_path)
    chance = random.Random(8)
    for what, sound in (
        ("proof", compact(await history.inclusion(5, 12)).encode()),
        ("consistency", compact(await history.consistency(5, 12)).encode()),
    ):
        assert verify(what, written(tmp_path / "sound", sound.decode()), *arguments) == 0
        for at in chance.sample(range(len(sound)), 40):
            changed = bytearray(sound)
            changed[at] = chance.choice([n for n in range(256) if n != sound[at]])
            (tmp_path / "changed").write_bytes(changed)
            assert verify(what, tmp_path / "changed", *arguments) != 0, (what, at, changed)


async def test_a_path_with_any_byte_changed_leads_elsewhere(history: SealedLog) -> None:
    proof = await history.inclusion(7, 12)
    leaf, path = bytes.fromhex(proof["leaf_hash"]), [bytes.fromhex(each) for each in proof["path"]]
    for number, sibling in enumerate(path):
        for at in range(32):
            changed = bytearray(sibling)
            changed[at] ^= 1
            other = [*path[:number], bytes(changed), *path[number + 1 :]]
            assert inclusion_root(6, 12, leaf, other).hex() != proof["root"]


async def test_a_chain_of_checkpoints_holds_with_a_proof_between_each_two(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = await history.first_key()
    notes = [
        written(tmp_path / f"note-{row['size']}", row["note"])
        for row in await history.checkpoints()
    ]
    one = written(tmp_path / "5-6", await history.consistency(5, 6))
    two = written(tmp_path / "6-12", await history.consistency(6, 12))
    assert verify("checkpoints", *notes, one, two, "--key", key) == 0
    assert "one line of history" in capsys.readouterr().out
    assert verify("checkpoints", *notes, one, "--key", key) == 1
    assert "no proof that size 12 begins with size 6" in capsys.readouterr().out


async def test_a_chain_without_the_hand_over_does_not_reach_the_new_key(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = await history.first_key()
    chain = written(tmp_path / "5-12", await history.consistency(5, 12))
    assert verify("checkpoints", chain, "--key", key) == 1
    assert "size 12 is not signed by a key that stood then" in capsys.readouterr().out
    keys = await keys_file(history, tmp_path)
    assert verify("checkpoints", chain, "--key", key, "--keys", keys) == 0


@pytest.mark.parametrize(
    "text",
    ["", "{}", "[]", "null", "not json", '{"export":"other/1"}\n', '{"export":"genjin.log/1"}\n'],
)
@pytest.mark.parametrize("what", ["export", "proof", "consistency"])
def test_a_file_of_another_kind_cannot_be_checked(tmp_path: Path, what: str, text: str) -> None:
    assert verify(what, written(tmp_path / "file", text)) == 2


def test_a_file_that_is_not_there_cannot_be_checked(tmp_path: Path) -> None:
    assert verify("export", tmp_path / "nothing") == 2


@pytest.mark.parametrize(
    "change",
    [
        lambda note: note.replace("\n\n", "\n", 1),
        lambda note: note.removesuffix("\n"),
        lambda note: note.replace("—", "-"),
        lambda note: note.replace("\n12\n", "\n012\n"),
        lambda note: note.replace("\n12\n", "\n-12\n"),
        lambda note: note.replace("\n12\n", "\n\n"),
    ],
)
async def test_a_note_that_is_not_in_form_is_no_checkpoint(history: SealedLog, change: Any) -> None:
    note = await history.note()
    parse_note(note)
    with pytest.raises(module.BadEvidence):
        parse_note(change(note))


async def test_with_a_key_it_is_not_ok_where_nothing_is_signed(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever edits the file would else choose what is checked."""
    export, key = await history.export(tmp_path / "export"), await history.first_key()
    *lines, last = export.read_text().splitlines()
    end = json.loads(last)
    end["end"]["checkpoint"] = None
    unsigned = written(tmp_path / "unsigned", "\n".join([*lines, compact(end)]) + "\n")
    assert verify("export", unsigned, "--key", key) == 1
    assert capsys.readouterr().out.endswith("nothing here could be held against it\n")
    assert verify("export", unsigned) == 0
    assert capsys.readouterr().out.endswith("OK, but for what was not checked\n")


async def test_events_behind_the_last_checkpoint_are_said_to_be_unsigned(
    history: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await history.append(5)
    export, key = await history.export(tmp_path / "export"), await history.first_key()
    keys = await keys_file(history, tmp_path)
    note = written(tmp_path / "note", await history.note())
    told = ("export", export, "--key", key, "--keys", keys, "--checkpoint", note)
    assert verify(*told) == 0
    assert "not signed yet: events 13 to 17\nOK\n" in capsys.readouterr().out
