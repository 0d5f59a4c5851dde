"""An auditor's questions over HTTP, one at a time: any two filters, the first page of 50."""

from random import Random
from urllib.parse import urlencode

import orjson

from genjin.history.filter import EventFilter
from genjin.history.phrase import to_phrase
from genjin.postgres import create_pool
from genjin_deploy.ports import free_port
from tests.api_process import environment
from tests.bench.ground import Ground, wait_until_listening
from tests.bench.http_client import errors_of, load, request
from tests.bench.http_load import Plan
from tests.bench.made_log.questions import Document, questions
from tests.bench.made_log.writing import MadeLog
from tests.bench.row import Row
from tests.databases import Database

LIMIT = 50
SLICES = 3  # of time in each round: the slowest of a hundred are looked for
PAIRS_TIMES = 5  # as many questions of each two fields
SAMPLE_EVENTS = 400

# Some events all over the log.
_SAMPLE = "SELECT body FROM genjin.event WHERE workspace_id = $1 AND position = ANY ($2)"


async def measure(ground: Ground, database: Database, log: MadeLog) -> Row:
    """Each round has questions of its own, so what it reads is not in memory because the last one read it."""
    chance = Random(log.events)
    documents = await _sample(chance, database, log)
    headers = {"Authorization": f"Bearer {log.key}"}
    port, outcomes, warm_up = free_port(), [], ground.effort.warm_up_seconds
    with ground.process("genjin_api", environment(database) | {"GENJIN_PORT": str(port)}) as api:
        await wait_until_listening(api, port)
        for seconds in (warm_up, *[SLICES * ground.effort.slice_seconds] * ground.effort.rounds):
            asked = [one for _ in range(PAIRS_TIMES) for one in questions(chance, documents)]
            requests = [request("GET", _path(chance, one), headers) for one in asked]
            outcomes.append(await load(Plan(port, seconds, [requests])))
    del outcomes[0]
    medians = sorted(outcome.p50_ms for outcome in outcomes)
    answers = sum(outcome.succeeded for outcome in outcomes)
    return Row(
        what=f"audit query, any two filters, first page, {log.events:,} events: p99",
        unit="ms",
        ours=[outcome.p99_ms for outcome in outcomes],
        aim="under 50 ms",
        note=f"p50 {medians[len(medians) // 2]:.1f} ms; {answers} questions one after the other",
        errors=errors_of(outcomes),
    )


async def _sample(chance: Random, database: Database, log: MadeLog) -> list[Document]:
    pool = await create_pool(database.api_url, "genjin_api", 1)
    try:
        positions = [chance.randint(1, log.events) for _ in range(SAMPLE_EVENTS)]
        rows = await pool.fetch(_SAMPLE, log.workspace_id, positions)
    finally:
        await pool.close()
    return [orjson.loads(row["body"]) for row in rows]


def _path(chance: Random, asked: EventFilter) -> str:
    order = chance.choice(("asc", "desc"))
    return f"/v1/events?{urlencode({'phrase': to_phrase(asked), 'order': order, 'limit': LIMIT})}"
