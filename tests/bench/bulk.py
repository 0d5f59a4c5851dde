"""A hundred events a call: what an import does, beside the peers' ways to do it."""

import asyncio
from datetime import UTC, datetime
from functools import partial
from uuid import UUID, uuid4

import asyncpg

from genjin.event import Change, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged
from tests.bench.ground import Ground
from tests.bench.peers.peer import open_peers
from tests.bench.peers.programs import EMMETT, EVENTSOURCING, login
from tests.bench.project_appends import ACTOR
from tests.bench.rounds import by_turns
from tests.bench.row import Row

EVENTS = 100
PEERS = (EVENTSOURCING, EMMETT)  # those that have a call for so many


async def measure(ground: Ground) -> list[Row]:
    ground.say(f"appends of {EVENTS} events a call")
    database = await ground.database()
    pool = await create_pool(database.api_url, "genjin_api", 2)
    try:
        async with open_peers(PEERS, login(database.admin_url)) as peers:
            sides = [partial(rate, pool)]
            sides += [partial(peer.rate, 1, EVENTS) for peer in peers.values()]
            await by_turns(1, ground.effort.warm_up_seconds, *sides)
            mine, *others = await by_turns(
                ground.effort.rounds, ground.effort.slice_seconds, *sides
            )
    finally:
        await pool.close()
    theirs = dict(zip(peers, others, strict=True))
    return [_row(mine, one.name, theirs.get(one.name, [])) for one in PEERS]


def _row(ours: list[float], name: str, theirs: list[float]) -> Row:
    return Row(
        what=f"bulk import, {EVENTS} events a call, 1 caller, beside {name}",
        unit="events/s",
        ours=ours,
        baseline=theirs,
        baseline_is=name,
        aim="25,000/s, or 1.2 × baseline" if name == EVENTSOURCING.name else "",
    )


async def rate(pool: asyncpg.Pool, seconds: float) -> float:
    """Durable events per second of one caller, on one stream."""
    loop = asyncio.get_running_loop()
    workspace_id, project_id = uuid4(), new_id()
    started, version = loop.time(), 0
    async with pool.acquire() as connection:
        while loop.time() < started + seconds:
            command = command_of(project_id, version)
            [result] = await append(connection, workspace_id, [command])
            if not isinstance(result, Appended):
                raise RuntimeError(f"an append of the bench ended as {result}")
            version = result.version
    return version / (loop.time() - started)


def command_of(project_id: UUID, version: int) -> Append:
    """So many events of one project."""
    now = datetime.now(UTC)
    name = f"滨海新区污水处理厂 {version}"
    changes = [Change("/header/name", None, name)]
    request_id = str(new_id())
    return Append(
        stream=stream_of("project", project_id),
        expected_version=version,
        actor=ACTOR,
        request_id=request_id,
        correlation_id=request_id,
        events=[
            NewEvent(new_id(), HeaderChanged(header={"name": name}), now, changes)
            for _ in range(EVENTS)
        ],
    )
