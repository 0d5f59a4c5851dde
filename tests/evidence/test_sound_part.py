"""The sound part of a damaged log ends right before the first damaged event, wherever in a page or commit that is, and
within a page right before the first event of a damaged commit.
"""

from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from genjin.postgres import create_pool
from genjin_api.feed import log_pages
from genjin_api.transfer import sound_part
from tests.databases import Database
from tests.evidence.sealed_log import SealedLog, verify
from tests.log.log import Log, command, event
from tests.transfer.files import export_from, parsed

CHANGE = "UPDATE genjin.event SET body = replace(body, '{}', '{}') WHERE workspace_id = $1 AND position = {}"


@pytest.mark.parametrize("page_events", [7, 500])
async def test_everything_before_the_first_damaged_event_is_there_and_holds(
    sealed: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page_events: int
) -> None:
    for module in (log_pages, sound_part):
        monkeypatch.setattr(module, "PAGE_EVENTS_MAX", page_events)
    await sealed.append(1, 5, 40, 14)
    for position in (1, 2, 7, 8, 30, 60):
        assert await sealed.tamper(CHANGE.format("fact", "fake", position)) == 1
        export = await export_from(sealed.log.database, sealed.workspace_id, 1_000_000)
        assert await sealed.tamper(CHANGE.format("fake", "fact", position)) == 1
        (tmp_path / "export").write_bytes(export)
        assert verify("export", tmp_path / "export") == 3
        lines = parsed(export)
        assert [line["position"] for line in lines if "leaf_hash" in line] == list(
            range(1, position)
        )
        assert lines[-1]["cut_short"]["position"] == position
    whole = parsed(await export_from(sealed.log.database, sealed.workspace_id, 1_000_000))
    assert whole[-1]["end"]["count"] == 60


# What is done to a commit of a log with the commits 1-3, 4-8, 9-12 and 13-20, and where it is cut short: in pages of
# 5 events too.
COMMIT = "WHERE workspace_id = $1 AND last_position"
DAMAGED_COMMITS = (
    (f"DELETE FROM genjin.commit {COMMIT} = 3", 1, 1),
    (f"DELETE FROM genjin.commit {COMMIT} = 8", 4, 4),
    (f"DELETE FROM genjin.commit {COMMIT} = 20", 13, 13),
    (f"UPDATE genjin.commit SET hash = sha256(hash) {COMMIT} = 8", 4, 6),
    (f"UPDATE genjin.commit SET hash = sha256(hash) {COMMIT} = 20", 13, 16),
    (f"UPDATE genjin.commit SET previous_hash = hash {COMMIT} = 12", 9, 9),
    (f"UPDATE genjin.commit SET first_position = 10 {COMMIT} = 12", 9, 9),
    (f"UPDATE genjin.commit SET recorded_at = recorded_at + interval '1 s' {COMMIT} = 8", 4, 4),
)
PUT_BACK = "INSERT INTO genjin.commit SELECT * FROM kept_commit WHERE workspace_id = $1"


async def test_a_commit_that_does_not_follow_cuts_short_before_its_events(
    sealed: SealedLog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in (3, 5, 4, 8):
        await sealed.append(size)
        await sealed.seal()
    key = ("--key", await sealed.first_key())
    await sealed.superuser.execute("CREATE TEMP TABLE kept_commit AS TABLE genjin.commit")
    for page_events in (500, 5):
        for module in (log_pages, sound_part):
            monkeypatch.setattr(module, "PAGE_EVENTS_MAX", page_events)
        for statement, first, first_of_page in DAMAGED_COMMITS:
            position = first if page_events == 500 else first_of_page
            assert await sealed.tamper(statement) == 1
            export = await export_from(sealed.log.database, sealed.workspace_id, 1_000_000)
            await sealed.tamper("DELETE FROM genjin.commit WHERE workspace_id = $1", PUT_BACK)
            (tmp_path / "export").write_bytes(export)
            signed = key if position > 3 else ()
            assert verify("export", tmp_path / "export", *signed) == 3, statement
            lines = parsed(export)
            told = [line["position"] for line in lines if "leaf_hash" in line]
            assert told == list(range(1, position)), statement
            said = lines[-1]["cut_short"]
            assert said["reason"].startswith(f"position {first}: "), statement
        whole = parsed(await export_from(sealed.log.database, sealed.workspace_id, 1_000_000))
        assert whole[-1]["end"]["count"] == 20
    await sealed.superuser.execute("DROP TABLE kept_commit")


# As if the page with a commit had a wrong checksum. Commits are found by the index, as in a table of some size.
UNREADABLE = """
DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database());
    EXECUTE format('ALTER DATABASE %I SET enable_bitmapscan = off', current_database());
END $$;
CREATE FUNCTION genjin.read_hash(last_position bigint, hash bytea) RETURNS bytea STABLE LANGUAGE plpgsql AS $$
BEGIN
    IF last_position = 8 THEN RAISE data_corrupted USING MESSAGE = 'invalid page in block 7'; END IF;
    RETURN hash;
END $$;
ALTER TABLE genjin.commit RENAME TO stored_commit;
CREATE VIEW genjin.commit AS
SELECT workspace_id, first_position, last_position, recorded_at, previous_hash,
       genjin.read_hash(last_position, hash) AS hash FROM genjin.stored_commit;
GRANT SELECT ON genjin.commit TO genjin_api
"""


async def test_a_commit_that_cannot_be_read_cuts_short_before_its_events(
    fresh_database: Database, tmp_path: Path
) -> None:
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    log = Log(uuid4(), fresh_database, pool)
    for number, size in enumerate((3, 5, 4)):
        await log.append(command(f"s-{number}", 0, events=[event("fact") for _ in range(size)]))
    await pool.close()
    superuser = await asyncpg.connect(fresh_database.admin_url)
    await superuser.execute(UNREADABLE)
    await superuser.close()
    export = await export_from(fresh_database, log.workspace_id, 1_000_000)
    (tmp_path / "export").write_bytes(export)
    assert verify("export", tmp_path / "export") == 3
    said = parsed(export)[-1]["cut_short"]
    assert (said["position"], said["reason"]) == (4, "position 4: invalid page in block 7")
