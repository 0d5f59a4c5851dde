"""What tests of the feed do over and over: make a log, write to it, read it whole."""

from typing import Any

import orjson

from tests.pursuit import done
from tests.world import Person, World

SETTINGS = {
    "GENJIN_STREAM_HEARTBEAT_SECONDS": "0.3",
    "GENJIN_STREAM_STALL_SECONDS": "1",
    "GENJIN_STREAM_POLL_SECONDS": "0.2",
    "GENJIN_STREAMS_PER_PERSON_MAX": "4",
    "GENJIN_STREAMS_MAX": "40",
}


async def record(world: World, project: str, *texts: str) -> int:
    """Each text as the project's actual situation; the position of the last one's last event."""
    position = 0
    for text in texts:
        answer = done(await world.marketer.post(f"{project}/actuals", {"text": text}))
        position = int(answer.headers["Genjin-Position"])
    return position


async def everything(person: Person, **query: Any) -> list[dict[str, Any]]:
    """All events that GET /v1/events tells, in order."""
    events: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    while True:
        answer = done(await person.get("/v1/events", limit=200, **query, **cursor))
        page = orjson.loads(answer.content)
        events += page["items"]
        if page["next_cursor"] is None:
            return events
        cursor = {"cursor": page["next_cursor"]}
