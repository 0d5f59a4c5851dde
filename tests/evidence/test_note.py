"""Signed notes: how they are written, and which keys may sign what."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from genjin.evidence.note import Checkpoint, SigningKey, sign, signed_by
from genjin.evidence.verify import BadEvidence, KeyRing, key_id, main, parse_note

NAME = "genjin/019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"
FIRST, SECOND, THIRD = (SigningKey.generate(number, NAME) for number in (1, 2, 3))


def note(size: int, *keys: SigningKey, heir: SigningKey | None = None, origin: str = NAME) -> str:
    next_key = heir.verifier_key if heir else None
    checkpoint = Checkpoint(origin, size, bytes(32), bytes(32), datetime.now(UTC), next_key)
    return sign(checkpoint, keys)


def ring(*notes: str) -> KeyRing:
    made = KeyRing(FIRST.verifier_key)
    for each in notes:
        made.check(parse_note(each))
    return made


# Signed by both when the first key hands over at size 10.
HAND_OVER = note(10, FIRST, SECOND, heir=SECOND)


def test_a_checkpoint_is_written_line_by_line() -> None:
    moment = datetime(2026, 5, 6, 7, 8, 9, 10, UTC)
    text = Checkpoint(NAME, 3, b"\x01" * 32, b"\x02" * 32, moment).text()
    assert text == (
        f"{NAME}\n3\nAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=\ncommit {'02' * 32}\n"
        "time 2026-05-06T07:08:09.000010Z\n"
    )


def test_a_key_id_is_that_of_signed_note() -> None:
    """The verifier key of Go's checksum database, which everybody has."""
    name, identifier, encoded = [
        "sum.golang.org",
        "033de0ae",
        "Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8",
    ]
    assert key_id(name, base64.b64decode(encoded)[1:]).hex() == identifier


def test_a_signature_covers_the_text_and_nothing_behind_it() -> None:
    parsed = parse_note(note(5, FIRST))
    assert signed_by(parsed, NAME, FIRST.public_bytes)
    assert not signed_by(parsed, NAME, SECOND.public_bytes)


def test_signatures_of_strangers_are_passed_over() -> None:
    ring(note(5, SECOND, FIRST, THIRD))


@pytest.mark.parametrize(
    "refused",
    [
        note(5, SECOND),
        note(5, FIRST, origin="genjin/other"),
        note(10, FIRST, heir=SECOND),  # the new key did not sign: nobody knows that it is held
        note(10, SECOND, heir=SECOND),  # the key in use did not sign
        note(11, SECOND),
    ],
)
def test_a_note_that_no_standing_key_signed_is_refused(refused: str) -> None:
    with pytest.raises(BadEvidence):
        ring(refused)


def test_after_a_hand_over_the_new_key_signs() -> None:
    ring(HAND_OVER, note(10, SECOND), note(11, SECOND))


def test_a_retired_key_signs_nothing_larger() -> None:
    made = ring(HAND_OVER, note(9, FIRST), note(10, FIRST))
    with pytest.raises(BadEvidence, match="size 11 is not signed by a key that stood then"):
        made.check(parse_note(note(11, FIRST)))


def test_a_retired_key_does_not_hand_over_again() -> None:
    made = ring(HAND_OVER)
    with pytest.raises(BadEvidence, match="hand-over at size 9"):
        made.check(parse_note(note(9, FIRST, THIRD, heir=THIRD)))


def test_a_new_key_signs_nothing_smaller() -> None:
    with pytest.raises(BadEvidence, match="size 9 is not signed by a key that stood then"):
        ring(HAND_OVER).check(parse_note(note(9, SECOND)))


def test_keys_hand_over_as_often_as_they_like() -> None:
    ring(HAND_OVER, note(20, SECOND, THIRD, heir=THIRD), note(21, THIRD))


def test_a_log_that_moved_is_checked_with_the_hand_overs_of_both_places(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    there = NAME.replace("genjin/", "elsewhere/")
    old, new = (SigningKey.generate(number, there) for number in (1, 2))
    hand_overs = {
        "here": HAND_OVER,
        "there": note(15, old, new, heir=new, origin=there),
    }
    keys = []
    for place, text in hand_overs.items():
        listed = [{"number": 1, "checkpoint": None}, {"number": 2, "checkpoint": text}]
        keys += ["--keys", str(tmp_path / place)]
        (tmp_path / place).write_text(json.dumps({"items": listed}))
    files = []
    for place, text in {"first": note(20, SECOND), "then": note(20, new, origin=there)}.items():
        files.append(str(tmp_path / place))
        (tmp_path / place).write_text(text)
    trusted = ["--key", FIRST.verifier_key, "--key", old.verifier_key]
    assert main(["checkpoints", *files, *trusted, *keys]) == 0
    assert "signed by the log's key: the checkpoints 20, 20" in capsys.readouterr().out
    for one in (keys[:2], keys[2:]):
        assert main(["checkpoints", *files, *trusted, *one]) == 1


@pytest.mark.parametrize(
    "text",
    ["", "name", f"{NAME}+00000000+AAAA", FIRST.verifier_key.replace(NAME, "other")],
    ids=["nothing", "a name alone", "a wrong hash", "the key of another name"],
)
def test_a_verifier_key_that_is_not_in_form_is_refused(text: str) -> None:
    with pytest.raises(BadEvidence):
        KeyRing(text)
