"""A writer that says what it has done and waits for leave before each step, so that it can be killed at any of them.

usage: python -m tests.attack.doomed_writer URL WORKSPACE TEXT
"""

import asyncio
import sys
from uuid import UUID

import asyncpg

from genjin.log.append import append
from tests.log.log import command

STEPS = ("connected", "begun", "appended", "committed")


async def write(url: str, workspace_id: UUID, text: str) -> None:
    connection = await asyncpg.connect(url)
    say("connected")
    transaction = connection.transaction()
    await transaction.start()
    say("begun")
    await append(connection, workspace_id, [command("doomed", 0, text)])
    say("appended")
    await transaction.commit()
    say("committed")


def say(step: str) -> None:
    """Blocks until somebody gives leave: nothing else happens in this process meanwhile."""
    sys.stdout.write(step + "\n")
    sys.stdout.flush()
    sys.stdin.readline()


if __name__ == "__main__":
    asyncio.run(write(sys.argv[1], UUID(sys.argv[2]), sys.argv[3]))
