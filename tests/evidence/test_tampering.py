"""A superuser changes what is stored. An export of it fails against the first key and what a witness has kept."""

import random
from pathlib import Path

import pytest

from tests.evidence.sealed_log import SealedLog, verify

WHERE = "WHERE workspace_id = $1 AND position"
COMMIT = "WHERE workspace_id = $1 AND last_position"


@pytest.fixture
async def witnessed(sealed: SealedLog, tmp_path: Path) -> SealedLog:
    """A log of 20 events in commits of 3, 5, 4 and 8, sealed at 8 and at 20; a witness keeps both notes."""
    for commits in ((3, 5), (4, 8)):
        await sealed.append(*commits)
        await sealed.seal()
    for row in await sealed.checkpoints():
        (tmp_path / f"note-{row['size']}").write_text(row["note"], encoding="utf-8")
    (tmp_path / "key").write_text(await sealed.first_key(), encoding="utf-8")
    return sealed


async def checked(sealed: SealedLog, folder: Path) -> int:
    """By an auditor who has the first key and the witness's notes."""
    export = await sealed.export(folder / "export")
    key = (folder / "key").read_text()
    notes = [part for size in (8, 20) for part in ("--checkpoint", folder / f"note-{size}")]
    return verify("export", export, "--key", key, *notes)


async def test_an_untouched_log_passes(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await checked(witnessed, tmp_path) == 0
    said = capsys.readouterr().out
    assert "20 events, 4 commits, up to position 20" in said
    assert "signed by the log's key: the checkpoints 8, 20" in said and "NOT CHECKED" not in said


@pytest.mark.parametrize(
    ("statement", "position"),
    [
        (f"UPDATE genjin.event SET body = replace(body, 'fact 2', 'fact 3') {WHERE} = 6", 6),
        (f"UPDATE genjin.event SET body = replace(body, '赵敏', '赵明') {WHERE} = 7", 7),
        (f"UPDATE genjin.event SET leaf_hash = sha256(leaf_hash) {WHERE} = 10", 10),
        (f"UPDATE genjin.event SET body = left(body, -1) {WHERE} = 4", 4),
        (f"DELETE FROM genjin.event {WHERE} = 1", 1),
        (f"DELETE FROM genjin.event {WHERE} = 11", 11),
        (f"DELETE FROM genjin.event {WHERE} = 20", 13),
        (f"UPDATE genjin.commit SET hash = sha256(hash) {COMMIT} = 8", 4),
        (f"UPDATE genjin.commit SET previous_hash = hash {COMMIT} = 12", 9),
        (f"UPDATE genjin.commit SET recorded_at = recorded_at - interval '1 day' {COMMIT} = 3", 1),
        (f"UPDATE genjin.commit SET first_position = 5 {COMMIT} = 8", 4),
        (f"DELETE FROM genjin.commit {COMMIT} = 12", 9),
        (f"DELETE FROM genjin.commit {COMMIT} = 20", 13),
    ],
)
async def test_a_changed_or_missing_row_is_found_at_its_position(
    witnessed: SealedLog,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    statement: str,
    position: int,
) -> None:
    assert await witnessed.tamper(statement) == 1
    assert await checked(witnessed, tmp_path) == 1
    assert f"FAILED at position {position}:" in capsys.readouterr().out


@pytest.mark.parametrize("column", ["body", "leaf_hash"])
async def test_a_flip_of_any_byte_of_an_event_is_found(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str
) -> None:
    export = (await witnessed.export(tmp_path / "whole")).read_bytes().splitlines()
    sound = [line for line in export if b'"leaf_hash":"' in line]
    chance = random.Random(column)
    for _ in range(12):
        position = chance.randrange(1, 21)
        body = sound[position - 1].rpartition(b',"leaf_hash"')[0].decode() + "}"
        if column == "body":
            at = chance.randrange(len(body))
            other = chance.choice([letter for letter in "aZ0 }" if letter != body[at]])
            change = f"SET body = overlay(body PLACING '{other}' FROM {at + 1} FOR 1)"
            back = f"SET body = overlay(body PLACING $b${body[at]}$b$ FROM {at + 1} FOR 1)"
        else:
            byte, flip = chance.randrange(32), chance.randrange(1, 256)
            change = (
                f"SET leaf_hash = set_byte(leaf_hash, {byte}, get_byte(leaf_hash, {byte}) # {flip})"
            )
            back = change
        assert await witnessed.tamper(f"UPDATE genjin.event {change} {WHERE} = {position}") == 1
        assert await checked(witnessed, tmp_path) == 1
        assert f"FAILED at position {position}:" in capsys.readouterr().out
        await witnessed.tamper(f"UPDATE genjin.event {back} {WHERE} = {position}")
    assert await checked(witnessed, tmp_path) == 0


@pytest.mark.parametrize("column", ["hash", "previous_hash"])
async def test_a_flip_of_any_byte_of_a_commits_hash_is_found(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str], column: str
) -> None:
    for byte in range(0, 32, 5):
        first, last = random.Random(byte).choice([(1, 3), (4, 8), (9, 12), (13, 20)])
        change = (
            f"UPDATE genjin.commit SET {column} = set_byte({column}, {byte},"
            f" get_byte({column}, {byte}) # 4) {COMMIT} = {last}"
        )
        await witnessed.tamper(change)
        assert await checked(witnessed, tmp_path) == 1
        assert f"FAILED at position {first}:" in capsys.readouterr().out
        await witnessed.tamper(change)
    assert await checked(witnessed, tmp_path) == 0


async def test_swapped_events_are_found(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await witnessed.tamper(
        f"UPDATE genjin.event SET position = 1000 {WHERE} = 14",
        f"UPDATE genjin.event SET position = 14 {WHERE} = 16",
        f"UPDATE genjin.event SET position = 16 {WHERE} = 1000",
    )
    assert await checked(witnessed, tmp_path) == 1
    assert "FAILED at position 14:" in capsys.readouterr().out


async def test_an_inserted_event_is_found(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Between 8 and 9: with everything behind it moved by one."""
    await witnessed.tamper(
        f"UPDATE genjin.event SET position = position + 1000 {WHERE} > 8",
        f"UPDATE genjin.event SET position = position - 999 {WHERE} > 1000",
        "INSERT INTO genjin.event SELECT (jsonb_populate_record(e, jsonb_build_object('position', 9, 'stream', 'x',"
        f" 'id', gen_random_uuid(), 'version', 9))).* FROM genjin.event e {WHERE} = 8",
    )
    assert await checked(witnessed, tmp_path) == 1
    assert "FAILED at position 9:" in capsys.readouterr().out


async def test_a_tail_that_was_cut_off_is_found(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its commits and checkpoints, so that what is left is a sound log: but the witness knows of more."""
    await witnessed.tamper(
        f"DELETE FROM genjin.event {WHERE} > 8",
        f"DELETE FROM genjin.commit {COMMIT} > 8",
        "DELETE FROM genjin.signed_checkpoint WHERE workspace_id = $1 AND size > 8",
    )
    assert await checked(witnessed, tmp_path) == 1
    said = capsys.readouterr().out
    assert "FAILED at position 9: cut off: events were signed up to 20" in said
    export = tmp_path / "export"
    assert verify("export", export, "--key", await witnessed.first_key()) == 0  # without a witness


async def rewrite(sealed: SealedLog, position: int) -> None:
    """An owner of the database tells history anew from a position on: bodies, leaf hashes and chain all fit."""
    await sealed.tamper(
        f"UPDATE genjin.event SET body = replace(body, 'fact', 'fake') {WHERE} >= {position}",
        "UPDATE genjin.event SET leaf_hash = sha256('\\x00'::bytea || convert_to(body, 'UTF8'))"
        f" {WHERE} >= {position}",
    )
    for row in await sealed.superuser.fetch(
        f"SELECT first_position, last_position FROM genjin.commit {COMMIT} >= {position}"
        " ORDER BY last_position",
        sealed.workspace_id,
    ):
        first, last = row
        await sealed.tamper(
            "UPDATE genjin.commit SET previous_hash = coalesce((SELECT c.hash FROM genjin.commit c"
            f" WHERE c.workspace_id = $1 AND c.last_position = {first} - 1), previous_hash) {COMMIT} = {last}",
            "UPDATE genjin.commit SET hash = sha256(previous_hash || int8send(first_position) ||"
            " int8send(last_position) || (SELECT string_agg(e.leaf_hash, ''::bytea ORDER BY e.position)"
            f" FROM genjin.event e WHERE e.workspace_id = $1 AND e.position BETWEEN {first} AND {last}))"
            f" {COMMIT} = {last}",
        )


async def seal_anew(sealed: SealedLog, *, keys: bool) -> None:
    """All checkpoints made again by the sealer itself; keys: with keys of its own, too."""
    tables = [
        "evidence_tile",
        "signed_checkpoint",
        *(("log_key", "log_key_secret") if keys else ()),
    ]
    await sealed.tamper(*(f"DELETE FROM genjin.{name} WHERE workspace_id = $1" for name in tables))
    await sealed.seal()


@pytest.mark.parametrize(("position", "from_position"), [(1, 1), (9, 9), (20, 9)])
async def test_history_told_anew_does_not_meet_the_witness(
    witnessed: SealedLog,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    position: int,
    from_position: int,
) -> None:
    await rewrite(witnessed, position)
    await seal_anew(witnessed, keys=False)
    assert verify("export", await witnessed.export(tmp_path / "alone")) == 0  # it fits itself
    assert await checked(witnessed, tmp_path) == 1
    said = capsys.readouterr().out
    assert f"FAILED at position {from_position}: events {from_position} to" in said
    assert "are not those that were signed at size" in said


async def test_history_told_anew_under_another_key_does_not_meet_the_first_key(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first_key = await witnessed.first_key()
    await rewrite(witnessed, 1)
    await seal_anew(witnessed, keys=True)
    export = await witnessed.export(tmp_path / "export")
    assert verify("export", export) == 0
    assert verify("export", export, "--key", first_key) == 1
    assert "is not signed by a key that stood then" in capsys.readouterr().out


@pytest.mark.parametrize("position", [1, 9, 20])
async def test_the_sealer_itself_does_not_go_on_from_history_told_anew(
    witnessed: SealedLog, position: int
) -> None:
    await rewrite(witnessed, position)
    await witnessed.append(1)
    await witnessed.seal()
    assert [row["size"] for row in await witnessed.checkpoints()] == [8, 20]


async def test_a_split_view_is_found_by_two_witnesses_together(
    witnessed: SealedLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = await witnessed.first_key()
    await rewrite(witnessed, 15)
    await seal_anew(witnessed, keys=False)
    other = tmp_path / "other"
    other.write_text(await witnessed.note(), encoding="utf-8")
    assert verify("checkpoints", tmp_path / "note-20", other, "--key", key) == 1
    assert "two roots were signed for size 20: a split view" in capsys.readouterr().out
