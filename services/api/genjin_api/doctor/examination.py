"""Every check on one connection of the API, opened as the API opens its own."""

from collections.abc import Callable

import asyncpg

from genjin.postgres import connection_settings, plain_url
from genjin.settings import ApiSettings
from genjin_api.doctor import durability, rights, session
from genjin_api.doctor.audit_index import audit_index
from genjin_api.doctor.finding import Finding, fatal, ok
from genjin_api.doctor.server import Server, Session, look
from genjin_api.doctor.subject_keys import erasures, subject_keys, unsealed_forms
from genjin_api.schema_version import EXPECTED, schema_problem

CONNECT_SECONDS_MAX = 15

Check = Callable[[Server, ApiSettings], Finding]

CHECKS: tuple[Check, ...] = (
    durability.synchronous_commit,
    durability.fsync,
    durability.full_page_writes,
    durability.data_checksums,
    durability.standby,
    durability.backups,
    session.server_version,
    session.encoding,
    session.isolation,
    session.writable,
    session.triggers,
    session.time_limits,
    session.pooler,
    session.clock,
    session.connections,
)
# These make sense where the schema is that of this release.
OF_THE_SCHEMA: tuple[Check, ...] = (
    rights.log_rights,
    rights.log_guard,
    rights.needed_rights,
    rights.table_making,
    rights.login,
)


async def examine(connection: Session, settings: ApiSettings) -> list[Finding]:
    """Every finding that a process which serves must know of, also those where all is well."""
    server = await look(connection)
    found = [check(server, settings) for check in CHECKS]
    if problem := await schema_problem(connection):
        remedy = "python -m genjin_deploy.migrate with the owner's DATABASE_URL, from this release"
        return [*found, fatal("schema_version", problem, remedy)]
    found.append(ok("schema_version", EXPECTED))
    found += [check(server, settings) for check in OF_THE_SCHEMA]
    return [*found, await subject_keys(connection)]


async def examine_installation(settings: ApiSettings) -> list[Finding]:
    """The same on a connection of its own, and what is looked at for whoever asks alone; one fatal finding where there
    is no connection to be had.
    """
    try:
        connection = await asyncpg.connect(
            plain_url(settings.api_database_url),
            timeout=CONNECT_SECONDS_MAX,
            command_timeout=CONNECT_SECONDS_MAX,
            server_settings=connection_settings(rights.ROLE),
        )
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        reason = f"no connection to the database: {str(error) or type(error).__name__}"
        remedy = (
            f"look at GENJIN_API_DATABASE_URL; its login must be {rights.ROLE} or a member of it"
        )
        return [fatal("connection", reason, remedy)]
    try:
        found = await examine(connection, settings)
        if {"schema_version", "subject_keys"}.isdisjoint(one.name for one in fatal_ones(found)):
            found += [
                await erasures(connection),
                await unsealed_forms(connection),
                await audit_index(connection),
            ]
        return found
    finally:
        await connection.close(timeout=CONNECT_SECONDS_MAX)


def fatal_ones(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.level == "fatal"]
