"""Commands on several streams that stand or fall together: all of their events in one commit, or none."""

import uuid
from collections.abc import Sequence

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.log.append import (
    ARGUMENTS,
    Append,
    Appended,
    ClaimTaken,
    Conflict,
    Duplicate,
    KeyReused,
    arguments,
    results,
)

COMMANDS_MAX = 128

# Why nothing was written: what the first command that could not be appended was answered.
NotAppended = Conflict | Duplicate | KeyReused | ClaimTaken

_CALL = f"SELECT genjin.append_together({ARGUMENTS})"


async def append_together(
    connection: asyncpg.Connection | PoolConnectionProxy | asyncpg.Pool,
    workspace_id: uuid.UUID,
    commands: Sequence[Append],
) -> Sequence[Appended] | NotAppended:
    """Append in autocommit: one statement, one commit; every command's result, or why there is none.

    Of 1 to COMMANDS_MAX commands, a stream and an idempotency key once only: ValueError.
    """
    if not 1 <= len(commands) <= COMMANDS_MAX:
        raise ValueError(f"1 to {COMMANDS_MAX} commands go together, not {len(commands)}")
    row = await connection.fetchval(_CALL, *arguments(workspace_id, commands))
    appended: list[Appended] = []
    for result in results(commands, row):
        if not isinstance(result, Appended):
            return result
        appended.append(result)
    return appended
