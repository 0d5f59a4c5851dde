"""HTTP commands through one API process, beside a bare handler with one INSERT."""

from functools import partial

from tests.bench.ground import Ground
from tests.bench.http_client import errors_of, load, request
from tests.bench.http_load import NUMBER, Outcome, Plan
from tests.bench.http_sides import CONNECTIONS, ApiSide, BareSide, a_card, api_side, bare_side
from tests.bench.rounds import by_turns
from tests.bench.row import Row

BODY = {"text": "已与设备科王工通话，约定周四上门演示；对方关心备件周期与付款方式。"}
KEY = f"bench-{NUMBER}"


async def measure(ground: Ground) -> list[Row]:
    async with (
        api_side(ground) as api,
        bare_side(ground, "bare_commands", await a_card(api)) as bare,
    ):
        ground.say(f"HTTP commands, {CONNECTIONS} connections")
        runs = iter(range(1_000_000))
        sides = (
            partial(_commands, api),
            lambda seconds: _commands(api, seconds, f"{next(runs)}-{KEY}"),
            partial(_inserts, bare),
        )
        await by_turns(1, ground.effort.warm_up_seconds, *sides)
        plain, keyed, inserts = await by_turns(
            ground.effort.rounds, ground.effort.slice_seconds, *sides
        )
    return [
        _row("HTTP commands", plain, inserts),
        _row("HTTP commands with Idempotency-Key", keyed, inserts),
    ]


async def _commands(api: ApiSide, seconds: float, key: str | None = None) -> Outcome:
    headers = {**api.headers, **({"Idempotency-Key": key} if key else {})}
    return await load(Plan(api.port, seconds, command_requests(api, headers)))


def command_requests(api: ApiSide, headers: dict[str, str]) -> list[list[str]]:
    """A record of the actual situation for each project of each connection."""
    return [
        [request("POST", f"/v1/projects/{project}/actuals", headers, BODY) for project in share]
        for share in api.shares()
    ]


async def _inserts(bare: BareSide, seconds: float) -> Outcome:
    requests = [
        [request("POST", f"/projects/{project}/actuals", body=BODY) for project in share]
        for share in bare.shares()
    ]
    return await load(Plan(bare.port, seconds, requests))


def _row(what: str, ours: list[Outcome], bare: list[Outcome]) -> Row:
    worst = max(outcome.p99_ms for outcome in ours)
    return Row(
        what=f"{what}, {CONNECTIONS} connections",
        unit="requests/s",
        ours=[outcome.rate for outcome in ours],
        baseline=[outcome.rate for outcome in bare],
        baseline_is="bare FastAPI, one INSERT",
        aim="0.6 × baseline",
        note=f"answer p99 {worst:.0f} ms in the worst round",
        errors=errors_of(ours + bare),
    )
