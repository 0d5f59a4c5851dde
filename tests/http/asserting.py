"""What every refusal looks like, and that it changed nothing."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx

from genjin_api.http.problems import PROBLEMS
from tests.world import World


def assert_problem(
    answer: httpx.Response, status: int, code: str, pointer: str | None = None, language: str = "en"
) -> dict[str, Any]:
    """An RFC 9457 problem with its code; pointer is that of one of the fields to blame."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    body: dict[str, Any] = answer.json()
    assert (answer.status_code, body["code"]) == (status, code), answer.text
    assert body["status"] == status
    assert body["type"] == f"urn:genjin:problem:{code}"
    assert body["title"] == PROBLEMS[code][1 if language == "en" else 2]  # type: ignore[index]
    assert body["detail"]
    assert body["request_id"] == answer.headers["request-id"]
    if pointer is not None:
        assert pointer in [error["pointer"] for error in body["errors"]], body
        assert all(error["code"] and error["detail"] for error in body["errors"])
    return body


async def newest_position(world: World) -> int:
    """The position of the workspace's last event."""
    page = await world.owner.get("/v1/events", order="desc", limit=1)
    position: int = page.json()["items"][0]["position"]
    return position


@asynccontextmanager
async def nothing_written(world: World) -> AsyncIterator[None]:
    before = await newest_position(world)
    yield
    assert await newest_position(world) == before
