"""The checkpoints of a log that moves: they travel with it, and who trusts the keys of before and after follows it."""

import base64
from pathlib import Path
from uuid import UUID

import asyncpg
import orjson
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from genjin.evidence.proofs import consistency_path, tree_root
from genjin.evidence.verify import check_export, verifier_key
from genjin.postgres import create_pool
from genjin_api.transfer.earlier_checkpoints import PLACES_MAX
from genjin_api.transfer.reading import NOTE_CHARACTERS_MAX, DamagedExportError, ExportReader
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database, copy_migrated
from tests.evidence.sealed_log import seal_log, verify
from tests.transfer.files import bring_in, export_from, parsed, row_count
from tests.world import World


@pytest.fixture
async def sealed_export(world: World) -> bytes:
    """Of a workspace whose log was sealed, and went on a little since."""
    await world.project("XM-1")
    await seal_log(world.api.database, UUID(world.workspace_id))
    await world.project("XM-2")
    return await export_from(world.api.database, UUID(world.workspace_id))


async def key_of(database: Database, workspace_id: str) -> str:
    """The first key that signs the log there."""
    owner = await asyncpg.connect(database.admin_url)
    query = "SELECT name, public_key FROM genjin.log_key WHERE workspace_id = $1 AND number = 1"
    row = await owner.fetchrow(query, UUID(workspace_id))
    await owner.close()
    assert row is not None
    return verifier_key(row["name"], row["public_key"])


async def move(export: bytes, database: Database, folder: Path) -> bytes:
    """Bring it in, seal it there under other keys, and export it again."""
    imported = await bring_in(database, export, folder)
    await seal_log(database, imported.workspace_id)
    return await export_from(database, imported.workspace_id)


def end_of(export: bytes) -> dict[str, object]:
    end: dict[str, object] = parsed(export)[-1]["end"]
    return end


def kept(path: Path, content: bytes | str) -> Path:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


async def test_the_checkpoint_of_every_place_travels_on(
    sealed_export: bytes, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    second = await move(sealed_export, await copy_migrated(postgres), tmp_path)
    third = await move(second, await copy_migrated(postgres), tmp_path)
    notes = [end_of(export)["checkpoint"] for export in (sealed_export, second, third)]
    assert None not in notes and len(set(notes)) == 3
    earlier = [end_of(export)["earlier_checkpoints"] for export in (sealed_export, second, third)]
    assert earlier == [[], notes[:1], notes[:2]]


async def test_a_log_that_was_never_sealed_where_it_was_brings_none(
    world: World, fresh_database: Database, tmp_path: Path
) -> None:
    unsealed = await export_from(world.api.database, UUID(world.workspace_id))
    moved = await move(unsealed, fresh_database, tmp_path)
    assert end_of(moved)["earlier_checkpoints"] == []


async def test_the_moved_log_is_verified_with_the_keys_of_both_places(
    world: World,
    sealed_export: bytes,
    fresh_database: Database,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    moved = kept(tmp_path / "moved", await move(sealed_export, fresh_database, tmp_path))
    old = await key_of(world.api.database, world.workspace_id)
    new = await key_of(fresh_database, world.workspace_id)
    assert verify("export", moved, "--key", old, "--key", new) == 0
    said = capsys.readouterr().out
    assert "signed by the log's key: the checkpoints" in said and said.endswith("\nOK\n")
    assert verify("export", moved, "--key", new) == 0
    said = capsys.readouterr().out
    assert "NOT CHECKED: the signatures of the earlier checkpoints" in said
    assert said.endswith("OK, but for what was not checked\n")
    assert verify("export", moved, "--key", old) == 1
    assert "is not signed by a key that stood then" in capsys.readouterr().out


async def test_a_chain_of_checkpoints_leads_over_the_move(
    world: World, sealed_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    moved = await move(sealed_export, fresh_database, tmp_path)
    notes = [str(end_of(export)["checkpoint"]) for export in (sealed_export, moved)]
    files = [kept(tmp_path / f"note-{number}", note) for number, note in enumerate(notes)]
    sizes = [int(note.split("\n")[1]) for note in notes]
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    place = pool, UUID(world.workspace_id)
    proof = {
        "from": sizes[0],
        "to": sizes[1],
        "from_root": (await tree_root(*place, sizes[0])).hex(),
        "to_root": (await tree_root(*place, sizes[1])).hex(),
        "path": [each.hex() for each in await consistency_path(*place, *sizes)],
        "from_checkpoint": None,
        "to_checkpoint": None,
    }
    await pool.close()
    joined = kept(tmp_path / "proof", orjson.dumps(proof))
    old = await key_of(world.api.database, world.workspace_id)
    new = await key_of(fresh_database, world.workspace_id)
    assert sizes[0] < sizes[1]
    assert verify("checkpoints", *files, joined, "--key", old, "--key", new) == 0
    assert verify("checkpoints", *files, joined, "--key", new) == 1


def with_another_root(note: str) -> str:
    lines = note.split("\n")
    lines[2] = base64.b64encode(bytes(32)).decode()
    return "\n".join(lines)


def of_another_workspace(note: str) -> str:
    origin, rest = note.split("\n", 1)
    return f"{origin[:-12]}000000000000\n{rest}"


def of_more_events(note: str) -> str:
    origin, _, rest = note.split("\n", 2)
    return f"{origin}\n1000000\n{rest}"


WAYS = {
    "it is of other events": (with_another_root, "is of other events"),
    "it is of another workspace": (of_another_workspace, "another workspace's"),
    "it is of more events": (of_more_events, "is of 1000000 events"),
    "it is no checkpoint": (lambda note: note[:50], "no signed checkpoint"),
    "it is too long": (lambda note: note + " " * NOTE_CHARACTERS_MAX, "more than"),
}


@pytest.mark.parametrize("place", ["checkpoint", "earlier_checkpoints"])
@pytest.mark.parametrize("way", WAYS)
async def test_with_a_checkpoint_that_cannot_be_of_the_log_nothing_comes_in(
    sealed_export: bytes, fresh_database: Database, tmp_path: Path, way: str, place: str
) -> None:
    change, reason = WAYS[way]
    *lines, _ = sealed_export.splitlines()
    end = end_of(sealed_export)
    changed = change(str(end["checkpoint"]))
    end |= {place: changed if place == "checkpoint" else [changed]}
    damaged = b"\n".join([*lines, orjson.dumps({"end": end}), b""])
    with pytest.raises(DamagedExportError, match=reason) as refused:
        await bring_in(fresh_database, damaged, tmp_path)
    assert refused.value.line == len(lines) + 1
    assert await row_count(fresh_database) == 0


async def test_an_export_of_before_there_were_earlier_checkpoints_comes_in(
    sealed_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    *lines, _ = sealed_export.splitlines()
    end = end_of(sealed_export)
    del end["earlier_checkpoints"]
    old = b"\n".join([*lines, orjson.dumps({"end": end}), b""])
    moved = await move(old, fresh_database, tmp_path)
    assert end_of(moved)["earlier_checkpoints"] == [end["checkpoint"]]


# Whatever a line of a note may hold. The longest is what JSON writes longest: control characters.
_LINES = st.text(
    st.characters(exclude_characters="\n\r\x00", exclude_categories=["Cs"]), max_size=1500
)


def with_line(note: str, line: str) -> str:
    """The note with another extension line, as long as a note may be."""
    text, _, signatures = note.rpartition("\n\n")
    return f"{text}\n{f'x{line}'[: NOTE_CHARACTERS_MAX - len(note) - 1]}\n\n{signatures}"


@example(lines=["\x01" * NOTE_CHARACTERS_MAX] * PLACES_MAX)
@given(lines=st.lists(_LINES, max_size=PLACES_MAX))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_export_can_end_with_is_read_by_the_import_and_by_the_verifier(
    sealed_export: bytes, tmp_path: Path, lines: list[str]
) -> None:
    *before, _ = sealed_export.splitlines(keepends=True)
    end = end_of(sealed_export)
    earlier = [with_line(str(end["checkpoint"]), line) for line in lines]
    ended = orjson.dumps({"end": {**end, "earlier_checkpoints": earlier}}) + b"\n"
    path = kept(tmp_path / "export", b"".join([*before, ended]))
    reading = iter([*before, ended])
    reader = ExportReader.opened(reading)
    assert list(reader.commits(reading))
    assert reader.checkpoints == [*earlier, end["checkpoint"]]
    said = "\n".join(check_export(path, None, []))
    assert "NOT CHECKED: the signatures of the checkpoints" in said


async def test_the_longest_checkpoints_of_as_many_places_as_there_may_be_travel_on(
    sealed_export: bytes, fresh_database: Database, tmp_path: Path
) -> None:
    *before, _ = sealed_export.splitlines(keepends=True)
    end = end_of(sealed_export)
    note = with_line(str(end["checkpoint"]), "\x01" * NOTE_CHARACTERS_MAX)
    assert len(note) == NOTE_CHARACTERS_MAX
    end |= {"checkpoint": note, "earlier_checkpoints": [note] * PLACES_MAX}
    full = b"".join([*before, orjson.dumps({"end": end}), b"\n"])
    moved = await move(full, fresh_database, tmp_path)
    assert end_of(moved)["earlier_checkpoints"] == [note] * PLACES_MAX
    said = "\n".join(check_export(kept(tmp_path / "moved", moved), None, []))
    assert "NOT CHECKED: the signatures of the checkpoints" in said
