"""`genjin-api projections rebuild`: new tables beside the live ones, and the switch."""

import asyncio
import json
import os
import stat

import asyncpg
import pytest

from genjin.postgres import connection_settings
from genjin_api.projections.owner import LOCK_CLASS
from genjin_api.projections.tables import PROJECTIONS, SECRETS
from tests.projections.filled import Installation

TOLD = ("--report", "r.json")

DEFINITIONS = """
SELECT string_agg(line, E'\n' ORDER BY line) FROM (
    SELECT format('%s %s %s %s', table_name, column_name, data_type, is_nullable)
      FROM information_schema.columns WHERE table_schema = 'genjin'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'genjin'
    UNION ALL SELECT format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'genjin'::regnamespace AND contype <> 'n'
    UNION ALL SELECT format('%s %s %s', relname, pg_get_userbyid(relowner), a)
      FROM pg_class, unnest(relacl) a WHERE relnamespace = 'genjin'::regnamespace
) AS all_of (line)
"""


async def test_a_rebuild_alone_changes_nothing_that_is_live(installation: Installation) -> None:
    await installation.execute("UPDATE genjin.project SET name = '改名'")
    oid = await installation.value("SELECT 'genjin.project'::regclass::oid")
    done = await installation.projections("rebuild", "--report", "r.json")
    assert done.exit_code == 0, done.err
    assert await installation.value("SELECT 'genjin.project'::regclass::oid") == oid
    assert await installation.value("SELECT name FROM genjin.project") == "改名"
    assert await installation.value("SELECT name FROM genjin.project__rebuilding") != "改名"


async def test_the_report_is_a_file_that_only_its_maker_reads(installation: Installation) -> None:
    await installation.execute("UPDATE genjin.project SET name = '改名'")
    await installation.projections("rebuild", "--report", "r.json")
    path = installation.folder / "r.json"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert json.loads(path.read_text())["differences"] == 1


async def test_a_switch_puts_right_what_was_wrong(installation: Installation) -> None:
    true = {one.table: await installation.contents(one.table) for one in PROJECTIONS}
    await installation.execute("UPDATE genjin.project SET name = '改名'; DELETE FROM genjin.risk")
    done = await installation.projections("rebuild", "--switch", *TOLD)
    assert done.exit_code == 0, done.err
    assert {one.table: await installation.contents(one.table) for one in PROJECTIONS} == true
    assert (await installation.projections("verify")).exit_code == 0


async def test_the_new_tables_are_defined_and_owned_as_the_old_ones_were(
    installation: Installation,
) -> None:
    before = await installation.value(DEFINITIONS)
    for _ in range(2):
        done = await installation.projections("rebuild", "--switch", *TOLD)
        assert done.exit_code == 0, done.err
        dropped = await installation.projections("drop-old")
        assert dropped.exit_code == 0, dropped.err
        assert await installation.value(DEFINITIONS) == before


async def test_the_old_tables_are_kept_out_of_the_services_reach_until_told(
    installation: Installation,
) -> None:
    await installation.execute("UPDATE genjin.project SET name = '改名'")
    await installation.projections("rebuild", "--switch", "--only", "project", *TOLD)
    [kept] = [table for table in await installation.tables() if "__before_" in table]
    assert kept.startswith("project__before_")
    assert await installation.value(f"SELECT name FROM genjin.{kept}") == "改名"
    api = await asyncpg.connect(
        installation.database.api_url, server_settings=connection_settings("genjin_api")
    )
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await api.fetch(f"SELECT name FROM genjin.{kept}")
    await api.close()
    assert kept in (await installation.projections("list")).out
    assert (await installation.projections("drop-old")).out == f"dropped {kept}\n"
    assert [table for table in await installation.tables() if "__" in table] == []


async def test_one_table_can_be_rebuilt_alone(installation: Installation) -> None:
    await installation.execute("UPDATE genjin.project SET name = '改名'; DELETE FROM genjin.risk")
    done = await installation.projections("rebuild", "--switch", "--only", "risk", *TOLD)
    assert done.exit_code == 0, done.err
    assert await installation.value("SELECT count(*) FROM genjin.risk") > 0
    assert await installation.value("SELECT name FROM genjin.project") == "改名"


async def test_secrets_are_never_touched(installation: Installation) -> None:
    query = "SELECT array_agg(oid) FROM pg_class WHERE relname = ANY ($1::text[])"
    before = await installation.value(query, list(SECRETS))
    contents = [await installation.contents(table) for table in sorted(SECRETS)]
    await installation.projections("rebuild", "--switch", *TOLD)
    assert await installation.value(query, list(SECRETS)) == before
    assert [await installation.contents(table) for table in sorted(SECRETS)] == contents
    assert None not in contents


async def test_a_second_one_at_the_same_time_is_refused(installation: Installation) -> None:
    async with installation.owner() as other:
        await other.execute(f"SELECT pg_advisory_lock({LOCK_CLASS}, 0)")
        for command in ("rebuild", "verify", "drop-old"):
            refused = await installation.projections(command)
            assert refused.exit_code == 1
            assert "under way" in refused.err


async def test_a_killed_one_leaves_the_live_tables_and_the_next_one_clears_up(
    installation: Installation,
) -> None:
    """Killed while it waits for the switch, with all its shadow tables made."""
    before = {one.table: await installation.contents(one.table) for one in PROJECTIONS}
    async with installation.owner() as blocker:
        await blocker.execute("BEGIN; SELECT 1 FROM genjin.project LIMIT 1")
        process = await installation.start("rebuild", "--switch")
        await _until_the_switch_waits(installation)
        process.kill()
        await process.communicate()
    assert {one.table: await installation.contents(one.table) for one in PROJECTIONS} == before
    assert "project__rebuilding" in await installation.tables()
    for _ in range(100):  # until Postgres has seen that its client is gone
        done = await installation.projections("rebuild", "--switch", *TOLD)
        if done.exit_code == 0:
            break
    assert done.exit_code == 0, done.err
    assert [table for table in await installation.tables() if "__rebuilding" in table] == []


async def test_a_switch_that_is_kept_waiting_tries_again(installation: Installation) -> None:
    oid = await installation.value("SELECT 'genjin.project'::regclass::oid")
    async with installation.owner() as blocker:
        await blocker.execute("BEGIN; SELECT 1 FROM genjin.project LIMIT 1")
        rebuilding = asyncio.create_task(installation.projections("rebuild", "--switch", *TOLD))
        await _until_the_switch_waits(installation)
        await blocker.execute("COMMIT")
        done = await rebuilding
    assert done.exit_code == 0, done.err
    assert await installation.value("SELECT 'genjin.project'::regclass::oid") != oid


async def _until_the_switch_waits(installation: Installation) -> None:
    query = "SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"
    for _ in range(600):
        if await installation.value(query):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the switch never waited")


async def test_a_login_that_does_not_own_the_tables_is_told_whose_it_needs(
    installation: Installation,
) -> None:
    for command in (("rebuild", "--switch", *TOLD), ("verify",), ("drop-old",)):
        done = await installation.projections(*command, url=installation.database.api_url)
        assert done.exit_code == 1
        assert "DATABASE_URL" in done.err
        assert "owner" in done.err


async def test_a_table_that_does_not_exist_is_named(installation: Installation) -> None:
    done = await installation.projections("rebuild", "--only", "api_key_secret")
    assert done.exit_code == 1
    assert "api_key_secret" in done.err


@pytest.mark.parametrize(
    ("made", "named"),
    [
        ("CREATE VIEW genjin.names AS SELECT name FROM genjin.project", "view"),
        (
            "CREATE TRIGGER noted BEFORE INSERT ON genjin.project FOR EACH ROW"
            " EXECUTE FUNCTION genjin.refuse_change()",
            "trigger noted",
        ),
        ("ALTER TABLE genjin.project ENABLE ROW LEVEL SECURITY", "row security"),
        ("CREATE PUBLICATION everything FOR TABLE genjin.project", "publication everything"),
        (
            "CREATE FUNCTION genjin.of(genjin.project) RETURNS text LANGUAGE sql AS 'SELECT $1.name'",
            "function",
        ),
    ],
)
async def test_what_would_stay_behind_at_a_switch_is_refused(
    installation: Installation, made: str, named: str
) -> None:
    await installation.execute(made)
    done = await installation.projections("rebuild", "--switch", *TOLD)
    assert done.exit_code == 1
    assert "genjin.project" in done.err
    assert named in done.err
    assert "project__rebuilding" not in await installation.tables()
