"""Connections to Postgres in the rights of one service."""

import asyncpg

# What a lost database, or a wrong answer of it, is to whoever waits it out.
DATABASE_ERRORS = (
    OSError,  # TimeoutError among them
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)


async def create_pool(url: str, role: str, size: int) -> asyncpg.Pool:
    """A pool whose every connection acts as the group role, whatever login it came in by."""
    return await asyncpg.create_pool(
        plain_url(url),
        min_size=min(2, size),
        max_size=size,
        command_timeout=20,
        max_inactive_connection_lifetime=0,
        init=_insist_on_durability,
        reset=_keep,
        server_settings=connection_settings(role),
    )


# What the session was opened with holds to its end, and is never less than on. Not a start-up parameter: that would
# also take a stricter value (remote_apply) down to on.
_DURABLE = """
SELECT set_config('synchronous_commit', CASE value WHEN 'off' THEN 'on' ELSE value END, false)
  FROM current_setting('synchronous_commit') AS value
"""


async def _insist_on_durability(connection: asyncpg.Connection) -> None:
    """A commit is acknowledged when it is on disk, also where a setting is changed under a running process."""
    await connection.execute(_DURABLE)


async def _keep(_connection: asyncpg.Connection) -> None:
    """Instead of asyncpg's reset, which is a round trip after every statement. Statements here leave nothing behind in
    the session; the notifier, which holds a lock and listens, lets go of both itself; an open transaction is ended
    without it.
    """


def plain_url(url: str) -> str:
    """The URL as asyncpg takes it: without SQLAlchemy's +driver."""
    scheme, separator, rest = url.partition("://")
    return f"{scheme.partition('+')[0]}{separator}{rest}"


def connection_settings(role: str) -> dict[str, str]:
    """The limits make a stuck statement an error instead of a queue: 15 s for a statement, 5 s for a lock, 20 s for a
    transaction that does nothing.
    """
    return {
        "role": role,
        "search_path": "genjin",
        "TimeZone": "UTC",
        "statement_timeout": "15000",
        "lock_timeout": "5000",
        "idle_in_transaction_session_timeout": "20000",
        "application_name": role,
    }
