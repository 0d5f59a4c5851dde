"""Durable appends, one event each: group commit with its inline read model, beside bare INSERTs and beside peers."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from uuid import uuid4

import asyncpg

from tests.bench.ground import Ground
from tests.bench.peers.peer import open_peers
from tests.bench.peers.programs import EMMETT, EVENTSOURCING, MESSAGE_DB, login
from tests.bench.project_appends import Once, group_commit, new_project
from tests.bench.rounds import by_turns
from tests.bench.row import Row

CALLERS = (1, 8, 32)
PEERS = (EVENTSOURCING, EMMETT, MESSAGE_DB)

# The table of the peers' scripts: one primary key and one unique index.
BARE_TABLE = """
CREATE TABLE raw_events (
    id bigserial PRIMARY KEY, stream text, version int, type text, data jsonb, meta jsonb,
    at timestamptz DEFAULT now(), UNIQUE (stream, version))
"""
BARE_INSERT = """
INSERT INTO raw_events (stream, version, type, data, meta) VALUES ($1, $2, 'StageAdvanced', $3, $4)
"""
BARE_DATA = json.dumps({"project": "P-1", "from": "contact", "to": "proposal", "note": "x" * 380})
BARE_META = json.dumps({"actor": "u-1", "correlation_id": "c-1"})


async def measure(ground: Ground) -> list[Row]:
    rows = []
    database = await ground.database()
    async with (
        group_commit(database.api_url) as log,
        open_peers(PEERS, login(database.admin_url)) as peers,
    ):
        for callers in CALLERS:
            ground.say(f"appends, {callers} callers")
            workspace_id = uuid4()
            ours = [await new_project(log, workspace_id) for _ in range(callers)]
            async with bare_connections(database.admin_url, callers) as bare:
                sides = [partial(rate, ours), partial(rate, bare)]
                sides += [partial(peer.rate, callers, 1) for peer in peers.values()]
                await by_turns(1, ground.effort.warm_up_seconds, *sides)
                mine, inserts, *others = await by_turns(
                    ground.effort.rounds, ground.effort.slice_seconds, *sides
                )
            rows.append(_row(callers, mine, inserts, await _body_bytes(database.admin_url)))
            theirs = dict(zip(peers, others, strict=True))
            rows += [_peer_row(callers, mine, one.name, theirs.get(one.name, [])) for one in PEERS]
    return rows


async def rate(callers: list[Once], seconds: float) -> float:
    """Durable events per second, of all callers together."""
    loop = asyncio.get_running_loop()
    started = loop.time()

    async def caller(once: Once) -> int:
        count = 0
        while loop.time() < started + seconds:
            await once()
            count += 1
        return count

    counts = await asyncio.gather(*(caller(once) for once in callers))
    return sum(counts) / (loop.time() - started)


@asynccontextmanager
async def bare_connections(url: str, count: int) -> AsyncIterator[list[Once]]:
    """Each caller has a connection and a stream of its own."""
    async with AsyncExitStack() as stack:
        connections = []
        for _ in range(count):
            connection = await asyncpg.connect(url)
            stack.push_async_callback(connection.close)
            connections.append(connection)
        await connections[0].execute(f"DROP TABLE IF EXISTS raw_events; {BARE_TABLE}")
        yield [_inserting(connection) for connection in connections]


def _inserting(connection: asyncpg.Connection) -> Once:
    stream, version = f"project-{uuid4()}", 0

    async def insert() -> None:
        nonlocal version
        version += 1
        await connection.execute(BARE_INSERT, stream, version, BARE_DATA, BARE_META)

    return insert


async def _body_bytes(url: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        size: int = await connection.fetchval(
            "SELECT avg(octet_length(body))::int FROM genjin.event"
        )
        return size
    finally:
        await connection.close()


def _row(callers: int, ours: list[float], bare: list[float], body_bytes: int) -> Row:
    return Row(
        what=f"durable appends, {callers} caller{'s' * (callers > 1)}",
        unit="events/s",
        ours=ours,
        baseline=bare,
        baseline_is="bare autocommit INSERT",
        aim="1.0 × baseline" if callers == 32 else "",
        note=f"event {body_bytes} bytes, one project row, hash; "
        f"baseline {len(BARE_DATA) + len(BARE_META)} bytes",
    )


def _peer_row(callers: int, ours: list[float], name: str, theirs: list[float]) -> Row:
    return Row(
        what=f"the same beside {name}, {callers} caller{'s' * (callers > 1)}",
        unit="events/s",
        ours=ours,
        baseline=theirs,
        baseline_is=name,
        aim="4.0 × baseline" if callers > 1 and name == EVENTSOURCING.name else "",
        note="no read model on its side",
    )
