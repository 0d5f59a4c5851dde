"""From commit to delivery: the API, a notifier process and a fast receiver, at a steady pace and from a backlog."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import asyncpg
import httpx

from genjin_deploy.ports import HOST, free_port
from genjin_deploy.processes import log_tail
from tests.api_process import environment
from tests.bench.arithmetic import percentile
from tests.bench.ground import Ground, wait_until_listening
from tests.bench.http_client import load
from tests.bench.http_commands import command_requests
from tests.bench.http_load import Plan
from tests.bench.http_sides import ApiSide, api_side
from tests.bench.project_appends import group_commit, new_project
from tests.bench.row import Row

PACE_EVENTS_PER_SECOND = 200
LAST_DELIVERY_TIMEOUT_SECONDS = 30.0
BACKLOG_PROJECTS = 50
TYPES = ("stage.actual_recorded", "project.header_changed")

# The events behind a position that are delivered, with the times of their commits.
_RECORDED = """
SELECT id::text, extract(epoch FROM recorded_at)::float8 FROM genjin.event
 WHERE position > $1 AND type = ANY($2)
"""
_HEAD = "SELECT coalesce(max(position), 0) FROM genjin.event"


@dataclass(frozen=True, slots=True)
class Delivered:
    """One stretch of load: latencies of its events, its deliveries per second, how many never came, how many twice."""

    latencies_ms: list[float]
    rate: float
    lost: int
    twice: int
    errors: dict[str, int]


async def measure(ground: Ground) -> list[Row]:
    port = free_port()
    async with api_side(ground) as api:
        with ground.process("tests.bench.webhook_receiver", {"RECEIVER_PORT": str(port)}) as child:
            await wait_until_listening(child, port)
            await _subscribe(api, f"http://{HOST}:{port}/hook")
            with _notifier(ground, api):
                await _stretch(api, port, ground.effort.warm_up_seconds)
                ground.say(f"deliveries at {PACE_EVENTS_PER_SECOND} events/s")
                steady = [
                    await _stretch(api, port, 2 * ground.effort.slice_seconds)
                    for _ in range(ground.effort.rounds)
                ]
            ground.say("deliveries from a backlog")
            backlog = await _backlog(ground, api, port)
    return [*_steady_rows(steady), _backlog_row(backlog)]


@contextmanager
def _notifier(ground: Ground, api: ApiSide) -> Iterator[None]:
    with ground.process("genjin_notifier", environment(api.database)) as process:
        yield
        if process.exit_code is not None:
            raise RuntimeError(f"the notifier ended:\n{log_tail(process.log_file)}")


async def _subscribe(api: ApiSide, url: str) -> None:
    async with httpx.AsyncClient(base_url=api.url, headers=api.headers, trust_env=False) as client:
        body = {"url": url, "event_types": TYPES}
        (await client.post("/v1/webhook-subscriptions", json=body)).raise_for_status()


async def _stretch(api: ApiSide, receiver_port: int, seconds: float) -> Delivered:
    """Load at the pace, then wait until all of it has arrived."""
    head = await _head(api)
    outcome = await load(
        Plan(api.port, seconds, command_requests(api, api.headers), PACE_EVENTS_PER_SECOND)
    )
    return await _delivered(api, receiver_port, head, outcome.errors)


async def _backlog(ground: Ground, api: ApiSide, receiver_port: int) -> Delivered:
    """Events while no notifier runs; then one starts and has them all before it."""
    head = await _head(api)
    async with group_commit(api.database.api_url) as log:
        projects = [await new_project(log, api.workspace_id) for _ in range(BACKLOG_PROJECTS)]
        for _ in range(ground.effort.backlog_events // BACKLOG_PROJECTS):
            await asyncio.gather(*(change() for change in projects))
    with _notifier(ground, api):
        return await _delivered(api, receiver_port, head, {})


async def _head(api: ApiSide) -> int:
    [[head]] = await _fetch(api, _HEAD)
    return int(head)


async def _fetch(api: ApiSide, query: str, *arguments: object) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(api.database.admin_url)
    try:
        return await connection.fetch(query, *arguments)
    finally:
        await connection.close()


async def _delivered(
    api: ApiSide, receiver_port: int, head: int, errors: dict[str, int]
) -> Delivered:
    """What became of the events behind the head, once all have arrived or nobody waits for them any longer."""
    recorded = {row[0]: row[1] for row in await _fetch(api, _RECORDED, head, TYPES)}
    loop = asyncio.get_running_loop()
    deadline = loop.time() + LAST_DELIVERY_TIMEOUT_SECONDS
    first: dict[str, float] = {}
    while True:
        arrivals = [each for each in await _received(receiver_port) if each[0] in recorded]
        for identifier, at in reversed(arrivals):
            first[identifier] = at
        if len(first) == len(recorded) or loop.time() > deadline:
            break
        await asyncio.sleep(0.2)
    times = sorted(first.values())
    return Delivered(
        latencies_ms=[1000 * (at - recorded[identifier]) for identifier, at in first.items()],
        rate=(len(times) - 1) / (times[-1] - times[0]) if len(times) > 1 else 0.0,
        lost=len(recorded) - len(first),
        twice=len(arrivals) - len(first),
        errors=errors,
    )


async def _received(port: int) -> list[tuple[str, float]]:
    async with httpx.AsyncClient(trust_env=False) as client:
        answer = await client.get(f"http://{HOST}:{port}/received")
        received: list[tuple[str, float]] = answer.json()
        return received


def _steady_rows(steady: list[Delivered]) -> list[Row]:
    pace = f"at {PACE_EVENTS_PER_SECOND}/s"
    delivered = sum(len(each.latencies_ms) for each in steady)
    rate = sum(each.rate for each in steady) / len(steady)
    return [
        Row(
            what=f"commit to delivery {pace}, p50",
            unit="ms",
            ours=[percentile(each.latencies_ms or [0.0], 0.5) for each in steady],
            note=f"{delivered} delivered at {rate:.0f}/s; {_lost_and_twice(steady)}",
            errors=_errors(steady),
        ),
        Row(
            what=f"commit to delivery {pace}, p99",
            unit="ms",
            ours=[percentile(each.latencies_ms or [0.0], 0.99) for each in steady],
            aim="under 100 ms",
        ),
    ]


def _backlog_row(backlog: Delivered) -> Row:
    return Row(
        what="deliveries from a backlog",
        unit="deliveries/s",
        ours=[backlog.rate],
        aim="1,000/s",
        note=f"{len(backlog.latencies_ms)} delivered; {_lost_and_twice([backlog])}",
        errors=_errors([backlog]),
    )


def _lost_and_twice(delivered: list[Delivered]) -> str:
    lost, twice = sum(each.lost for each in delivered), sum(each.twice for each in delivered)
    return f"{lost} not delivered, {twice} twice"


def _errors(delivered: list[Delivered]) -> dict[str, int]:
    errors = Counter(
        {
            f"not delivered after {LAST_DELIVERY_TIMEOUT_SECONDS:.0f} s": sum(
                each.lost for each in delivered
            )
        }
    )
    for each in delivered:
        errors.update(each.errors)
    return {name: count for name, count in errors.items() if count}
