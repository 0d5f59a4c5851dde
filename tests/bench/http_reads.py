"""HTTP reads of one project through one API process, beside a bare handler with one primary-key SELECT."""

from functools import partial

from tests.bench.ground import Ground
from tests.bench.http_client import errors_of, load, request
from tests.bench.http_load import Outcome, Plan
from tests.bench.http_sides import CONNECTIONS, ApiSide, BareSide, a_card, api_side, bare_side
from tests.bench.rounds import by_turns
from tests.bench.row import Row


async def measure(ground: Ground) -> list[Row]:
    async with api_side(ground) as api, bare_side(ground, "bare_reads", await a_card(api)) as bare:
        ground.say(f"HTTP reads, {CONNECTIONS} connections")
        sides = partial(_reads, api), partial(_selects, bare)
        await by_turns(1, ground.effort.warm_up_seconds, *sides)
        ours, theirs = await by_turns(ground.effort.rounds, ground.effort.slice_seconds, *sides)
    worst = max(outcome.p99_ms for outcome in ours)
    return [
        Row(
            what=f"HTTP reads of one project, {CONNECTIONS} connections",
            unit="requests/s",
            ours=[outcome.rate for outcome in ours],
            baseline=[outcome.rate for outcome in theirs],
            baseline_is="bare FastAPI, one SELECT",
            aim="0.6 × baseline",
            note=f"answer p99 {worst:.0f} ms in the worst round",
            errors=errors_of(ours + theirs),
        )
    ]


async def _reads(api: ApiSide, seconds: float) -> Outcome:
    requests = [
        [request("GET", f"/v1/projects/{project}", api.headers) for project in share]
        for share in api.shares()
    ]
    return await load(Plan(api.port, seconds, requests))


async def _selects(bare: BareSide, seconds: float) -> Outcome:
    requests = [
        [request("GET", f"/projects/{project}") for project in share] for share in bare.shares()
    ]
    return await load(Plan(bare.port, seconds, requests))
