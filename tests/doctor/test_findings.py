"""Every check on a real database that has the fault. Faults of a whole server: test_servers.py."""

from dataclasses import replace

import asyncpg
import pytest

from genjin.postgres import connection_settings, create_pool
from genjin_api.doctor.durability import synchronous_commit
from genjin_api.doctor.server import GUARDED_TABLES, Server, look
from genjin_api.doctor.session import clock, server_version, time_limits
from genjin_deploy.databases import create_database
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import Database
from tests.doctor.examining import examined, execute, wrong
from tests.doctor.pooler import between
from tests.world import api_settings


async def test_the_embedded_server_is_well(fresh_database: Database) -> None:
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {}
    assert len(findings) > 15
    assert "cannot be seen" in findings["backups"].reason


# The setting or right that is wrong, and the only finding that says so.
FATAL = [
    ("synchronous_commit", "ALTER DATABASE {database} SET synchronous_commit = off"),
    (
        "synchronous_commit",
        "ALTER ROLE genjin_api IN DATABASE {database} SET synchronous_commit = off",
    ),
    ("isolation", "ALTER DATABASE {database} SET default_transaction_isolation = 'serializable'"),
    ("writable", "ALTER DATABASE {database} SET default_transaction_read_only = on"),
    ("triggers", "ALTER DATABASE {database} SET session_replication_role = replica"),
    ("log_rights", "GRANT UPDATE (body) ON genjin.event TO genjin_api"),
    ("log_rights", "GRANT DELETE ON genjin.commit TO PUBLIC"),
    ("log_rights", "GRANT TRUNCATE ON genjin.idempotent_answer TO genjin_api"),
    ("log_rights", "GRANT TRIGGER ON genjin.event TO genjin_api"),
    ("log_rights", "GRANT DELETE ON genjin.projection_attestation TO genjin_api"),
    ("log_guard", "ALTER TABLE genjin.event DISABLE TRIGGER insert_only"),
    ("log_guard", "ALTER TABLE genjin.commit ENABLE REPLICA TRIGGER never_truncated"),
    ("log_guard", "DROP TRIGGER insert_only ON genjin.idempotent_answer"),
    ("needed_rights", "REVOKE INSERT ON genjin.event FROM genjin_api"),
    ("needed_rights", "REVOKE UPDATE ON genjin.person FROM genjin_api"),
    ("needed_rights", "REVOKE EXECUTE ON FUNCTION genjin.append FROM genjin_api"),
    ("subject_keys", "REVOKE EXECUTE ON FUNCTION genjin_keys.find FROM genjin_api"),
    ("subject_keys", "REVOKE USAGE ON SCHEMA genjin_keys FROM genjin_api"),
    ("table_making", "GRANT CREATE ON SCHEMA genjin TO genjin_api"),
    ("schema_version", "UPDATE genjin.alembic_version SET version_num = '0001'"),
    ("schema_version", "DROP SCHEMA genjin CASCADE"),
    ("schema_version", "REVOKE USAGE ON SCHEMA genjin FROM genjin_api"),
]


@pytest.mark.parametrize(("name", "fault"), FATAL)
async def test_what_must_not_be_is_fatal(fresh_database: Database, name: str, fault: str) -> None:
    database = fresh_database.admin_url.rpartition("/")[2]
    await execute(fresh_database.admin_url, fault.format(database=database))
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {name: "fatal"}
    assert findings[name].reason
    assert findings[name].remedy


async def test_keys_of_persons_that_can_be_taken_from_their_table_are_a_warning(
    fresh_database: Database,
) -> None:
    grant = "GRANT SELECT ON genjin_keys.subject_key TO genjin_api"
    await execute(fresh_database.admin_url, grant)
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {"subject_keys": "warn"}
    assert "SELECT" in findings["subject_keys"].reason


async def test_the_key_of_an_erased_person_that_came_back_is_a_warning(
    fresh_database: Database,
) -> None:
    subject = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e77"
    await execute(
        fresh_database.admin_url,
        f"INSERT INTO genjin.subject VALUES (gen_random_uuid(), '{subject}', 'x', now(), gen_random_uuid(), 1)",
    )
    assert wrong(await examined(fresh_database.api_url)) == {}
    back = "INSERT INTO genjin_keys.subject_key SELECT workspace_id, id, 'key' FROM genjin.subject"
    await execute(fresh_database.admin_url, back)
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {"erasures": "warn"}
    assert subject in findings["erasures"].reason


async def test_the_owner_of_the_log_must_not_serve(fresh_database: Database) -> None:
    await execute(fresh_database.admin_url, "ALTER TABLE genjin.event OWNER TO genjin_api")
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {"log_rights": "fatal", "login": "warn"}
    assert "event" in findings["log_rights"].reason


async def test_a_login_that_could_be_more_than_the_role_is_a_warning(
    fresh_database: Database,
) -> None:
    findings = await examined(fresh_database.admin_url)
    assert wrong(findings) == {"login": "warn"}


async def test_a_commit_that_does_not_wait_for_the_named_standbys_is_a_warning(
    fresh_database: Database,
) -> None:
    """Of a server whose settings are as read, with both changed: naming a standby that is not there would hang it."""
    server = await seen(fresh_database)
    settings = {
        **server.settings,
        "synchronous_commit": "local",
        "synchronous_standby_names": "one",
    }
    finding = synchronous_commit(replace(server, settings=settings), api_settings(fresh_database))
    assert finding.level == "warn"
    alone = {**settings, "synchronous_standby_names": ""}
    finding = synchronous_commit(replace(server, settings=alone), api_settings(fresh_database))
    assert finding.level == "ok"


async def test_more_connections_than_there_may_be_are_a_warning(fresh_database: Database) -> None:
    assert wrong(await examined(fresh_database.api_url, pool_size=100)) == {"connections": "warn"}
    database = fresh_database.admin_url.rpartition("/")[2]
    await execute(fresh_database.admin_url, f"ALTER DATABASE {database} CONNECTION LIMIT 10")
    assert wrong(await examined(fresh_database.api_url)) == {"connections": "warn"}


async def test_another_encoding_is_fatal(postgres: EmbeddedPostgres) -> None:
    await execute(
        postgres.dsn(),
        "CREATE DATABASE latin ENCODING 'LATIN1' TEMPLATE template0 LOCALE_PROVIDER libc LOCALE 'C'",
    )
    findings = await examined(await create_database(postgres.dsn(), "latin"))
    assert findings["encoding"].level == "fatal"


async def test_a_pooler_between_is_seen(fresh_database: Database) -> None:
    async with between(fresh_database.api_url) as url:
        assert wrong(await examined(url)) == {"pooler": "warn"}


async def test_limits_that_did_not_arrive_are_a_warning(fresh_database: Database) -> None:
    connection = await asyncpg.connect(fresh_database.api_url)
    server = await look(connection)
    await connection.close()
    assert time_limits(server, api_settings(fresh_database)).level == "warn"


@pytest.mark.parametrize(
    ("number", "level"), [(140012, "fatal"), (150001, "ok"), (180000, "ok"), (190000, "warn")]
)
async def test_versions_that_were_not_tested_are_told(
    fresh_database: Database, number: int, level: str
) -> None:
    server = await seen(fresh_database)
    settings = {**server.settings, "server_version_num": str(number)}
    finding = server_version(replace(server, settings=settings), api_settings(fresh_database))
    assert finding.level == level


@pytest.mark.parametrize(("ahead", "level"), [(0.1, "ok"), (-3.0, "warn"), (90.0, "warn")])
async def test_another_clock_is_a_warning(
    fresh_database: Database, ahead: float, level: str
) -> None:
    server = replace(await seen(fresh_database), clock_ahead_seconds=ahead)
    assert clock(server, api_settings(fresh_database)).level == level


async def test_a_login_that_is_refused_is_fatal_and_its_password_is_not_told(
    fresh_database: Database,
) -> None:
    url = fresh_database.api_url.replace("test-api", "hunter2")
    findings = await examined(url)
    assert wrong(findings) == {"connection": "fatal"}
    assert "hunter2" not in findings["connection"].line()


_GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger WHERE tgfoid = 'genjin.refuse_change'::regproc
"""


async def test_every_table_that_the_migrations_guard_is_known_by_name(
    fresh_database: Database,
) -> None:
    """So that its guard is missed when it is gone, and what may be done to it without one."""
    connection = await asyncpg.connect(fresh_database.admin_url)
    guarded = {row[0].removeprefix("genjin.") for row in await connection.fetch(_GUARDED)}
    assert guarded == set(GUARDED_TABLES)
    for table in guarded:
        for trigger in ("insert_only", "never_truncated"):
            await connection.execute(f"DROP TRIGGER {trigger} ON genjin.{table}")
    await connection.execute("GRANT UPDATE ON genjin.signed_checkpoint TO genjin_api")
    await connection.close()
    findings = await examined(fresh_database.api_url)
    assert wrong(findings) == {"log_guard": "fatal", "log_rights": "fatal"}
    looked_at = (await seen(fresh_database)).log_tables
    assert {table.table for table in looked_at if not table.guarded} == guarded
    assert "UPDATE on signed_checkpoint" in findings["log_rights"].reason


@pytest.mark.parametrize(("set_to", "held"), [("off", "on"), ("remote_apply", "remote_apply")])
async def test_the_services_connections_are_never_less_than_durable(
    fresh_database: Database, set_to: str, held: str
) -> None:
    database = fresh_database.admin_url.rpartition("/")[2]
    await execute(
        fresh_database.admin_url, f"ALTER DATABASE {database} SET synchronous_commit = {set_to}"
    )
    pool = await create_pool(fresh_database.api_url, "genjin_api", 2)
    assert await pool.fetchval("SHOW synchronous_commit") == held
    await pool.close()


async def seen(database: Database) -> Server:
    settings = connection_settings("genjin_api")
    connection = await asyncpg.connect(database.api_url, server_settings=settings)
    try:
        return await look(connection)
    finally:
        await connection.close()
