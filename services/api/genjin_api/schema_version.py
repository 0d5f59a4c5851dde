"""Whether the database has the schema that this release works on. The API checks, it never migrates."""

import asyncpg
from asyncpg.pool import PoolConnectionProxy

EXPECTED = "0029"


async def schema_problem(
    database: asyncpg.Pool | asyncpg.Connection | PoolConnectionProxy,
) -> str | None:
    """None when all is well, else what is wrong in one sentence."""
    try:
        found = await database.fetchval("SELECT version_num FROM genjin.alembic_version")
    except asyncpg.UndefinedTableError:
        return "the database has no Genjin schema: run the migrations"
    except asyncpg.InsufficientPrivilegeError:
        return "the API's login may not read the schema genjin: run the migrations"
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
        return "the database does not answer"
    if found != EXPECTED:
        return f"the schema is at {found}, this release works on {EXPECTED}: run the migrations"
    return None
