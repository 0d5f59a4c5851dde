"""How Alembic reaches the database: one asyncpg connection, one transaction, one migration at a time."""

import asyncio

import asyncpg
from alembic import context
from sqlalchemy import Connection, pool
from sqlalchemy.ext.asyncio import create_async_engine

# Any number that nothing else in the database locks.
LOCK = 0x67_65_6E_6A_69_6E


def upgrade(connection: Connection) -> None:
    """The lock goes with the transaction, so a migration that is killed leaves neither it nor half a schema."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
    connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS genjin")
    context.configure(connection=connection, version_table_schema="genjin")
    with context.begin_transaction():
        context.run_migrations()


async def main(dsn: str) -> None:
    # Through asyncpg's own connect, so that every option of a PostgreSQL URL means what it means to the services.
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=lambda: asyncpg.connect(dsn),
        poolclass=pool.NullPool,
    )
    async with engine.begin() as connection:
        await connection.run_sync(upgrade)
    await engine.dispose()


asyncio.run(main(context.config.attributes["dsn"]))
