"""Message DB, an event store of functions in Postgres, for the table: driven line by line.

usage: python message_db_appends.py FOLDER, with POSTGRES_URL; FOLDER holds its SQL
Each line of input is "CALLERS 1 SECONDS" and is answered with a line: durable events per second. It has no call for
more events than one.
"""

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from uuid import uuid4

import asyncpg
import uvloop

CALLERS_MAX = 32
# In the order of its own installation. Without its extension: what it needs of it, Postgres has itself since 13.
SQL = (
    "schema/message-store",
    "tables/messages",
    "types/message",
    *(f"functions/{name}" for name in ("hash-64", "acquire-lock", "category", "is-category", "id")),
    *(f"functions/{name}" for name in ("cardinal-id", "stream-version", "write-message")),
    *(f"indexes/messages-{name}" for name in ("id", "stream", "category")),
)
WRITE = "SELECT write_message($1, $2, 'StageAdvanced', $3, $4, $5)"
DATA = json.dumps({"project": "P-1", "from": "contact", "to": "proposal", "note": "x" * 380})
METADATA = json.dumps({"actor": "u-1"})


async def main() -> None:
    pool = await asyncpg.create_pool(
        os.environ["POSTGRES_URL"],
        min_size=CALLERS_MAX,
        max_size=CALLERS_MAX,
        server_settings={"search_path": "message_store,public"},
    )
    async with pool:
        for name in SQL:
            await pool.execute((Path(sys.argv[1]) / f"{name}.sql").read_text(encoding="utf-8"))
        _say("ready")
        while line := await asyncio.to_thread(sys.stdin.readline):
            callers, batch, seconds = line.split()
            assert batch == "1", batch
            _say(await measure(pool, int(callers), float(seconds)))


async def measure(pool: asyncpg.Pool, callers: int, seconds: float) -> float:
    started = time.perf_counter()

    async def caller() -> int:
        stream, count = f"project-{uuid4()}", 0
        async with pool.acquire() as connection:
            while time.perf_counter() < started + seconds:
                # its streams are numbered from 0; an empty one is at -1
                await connection.execute(WRITE, str(uuid4()), stream, DATA, METADATA, count - 1)
                count += 1
        return count

    counts = await asyncio.gather(*(caller() for _ in range(callers)))
    return sum(counts) / (time.perf_counter() - started)


def _say(answer: object) -> None:
    print(answer, flush=True)


if __name__ == "__main__":
    uvloop.run(main())
