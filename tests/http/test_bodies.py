"""Bodies that are refused: each with its own problem, the field named, and nothing written."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.http.asserting import assert_problem, nothing_written
from tests.world import World

HEADER = '"header":{"name":"某项目"}'
DEEP = "[" * 100 + "]" * 100

# what: (content, status, code, pointer)
UNREADABLE: dict[str, tuple[bytes, int, str, str | None]] = {
    "broken": (b'{"code": ', 400, "malformed_json", None),
    "single quotes": (b"{'code': 'X'}", 400, "malformed_json", None),
    "NaN": (b'{"code":NaN}', 400, "malformed_json", None),
    "Infinity": (b'{"code":-Infinity}', 400, "malformed_json", None),
    "a comma too many": (b'{"code":"X",}', 400, "malformed_json", None),
    "no UTF-8": (b'{"code":"\xff\xfe"}', 400, "malformed_json", None),
    "half a surrogate pair": (rb'{"code":"\ud800"}', 400, "malformed_json", None),
    "half a surrogate pair in a name": (rb'{"header":{"\udc00":1}}', 400, "malformed_json", None),
    "one name twice": (
        b'{"code":"A","code":"B",%b}' % HEADER.encode(),
        400,
        "malformed_json",
        None,
    ),
    "one name twice, inside": (
        b'{"code":"A","header":{"name":"a","name":"b"}}',
        400,
        "malformed_json",
        None,
    ),
    "nothing": (b"", 400, "body_missing", None),
    "null": (b"null", 422, "validation_failed", ""),
    "spaces": (b"   ", 400, "malformed_json", None),
    "a list": (b"[]", 422, "validation_failed", ""),
    "a text": (b'"text"', 422, "validation_failed", ""),
    "a number": (b"7", 422, "validation_failed", ""),
    "too deep": (f'{{"header":{DEEP}}}'.encode(), 400, "body_too_deep", None),
    "deeper than the parser goes": (b"[" * 100_000, 400, "malformed_json", None),
    "one megabyte": (b'{"code":"%b"}' % (b"x" * 1_000_000), 413, "body_too_large", None),
    "NUL": (b'{"code":"a\\u0000b"}', 422, "text_not_storable", "/code"),
    "NUL deep inside": (
        b'{"header":{"a/b":[1,"\\u0000"]}}',
        422,
        "text_not_storable",
        "/header/a~1b/1",
    ),
    "NUL in a name": (b'{"header":{"a\\u0000":1}}', 422, "text_not_storable", "/header"),
}


@pytest.mark.parametrize("what", UNREADABLE)
async def test_a_body_that_cannot_be_read_is_refused(house: World, what: str) -> None:
    content, status, code, pointer = UNREADABLE[what]
    async with nothing_written(house):
        for headers in ({}, {"Idempotency-Key": f"unreadable {what}".replace(" ", "-")}):
            answer = await house.marketer.client.post(
                "/v1/projects",
                content=content,
                headers={"Content-Type": "application/json", **headers},
            )
            assert_problem(answer, status, code, pointer)


GOOD: dict[str, Any] = {"code": "XM-BAD", "header": {"name": "某项目"}}

# what: (change of a good body, pointer)
WRONG_FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "a field that is not there": ({"colour": "red"}, "/colour"),
    "a number for a text": ({"code": 7}, "/code"),
    "a boolean for a text": ({"code": True}, "/code"),
    "null for a text": ({"code": None}, "/code"),
    "an empty text": ({"code": " "}, "/code"),
    "a text that is too long": ({"code": "x" * 300}, "/code"),
    "a text for a number": ({"template_version": "1"}, "/template_version"),
    "a fraction for a number": ({"template_version": 1.5}, "/template_version"),
    "a boolean for a number": ({"template_version": True}, "/template_version"),
    "a list for an object": ({"header": []}, "/header"),
    "a number for a time": ({"occurred_at": 1_700_000_000}, "/occurred_at"),
    "a time without a zone": ({"occurred_at": "2026-01-01T00:00:00"}, "/occurred_at"),
    "a time that is none": ({"occurred_at": "yesterday"}, "/occurred_at"),
    "a time before all calendars": ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "/occurred_at"),
    "a time after all calendars": ({"occurred_at": "9999-12-31T23:59:59-12:00"}, "/occurred_at"),
}


@pytest.mark.parametrize("what", WRONG_FIELDS)
async def test_a_wrong_field_is_named_by_its_pointer(house: World, what: str) -> None:
    change, pointer = WRONG_FIELDS[what]
    async with nothing_written(house):
        answer = await house.marketer.post("/v1/projects", GOOD | change)
        assert_problem(answer, 422, "validation_failed", pointer)


async def test_all_wrong_fields_are_named_at_once(house: World) -> None:
    answer = await house.marketer.post("/v1/projects", {"code": 1, "shape": 2, "~/x": 3})
    body = assert_problem(answer, 422, "validation_failed")
    pointers = {error["pointer"] for error in body["errors"]}
    assert pointers == {"/code", "/shape", "/~0~1x", "/header"}


@pytest.mark.parametrize(
    ("what", "path", "body", "pointer"),
    [
        (
            "an unknown workspace role",
            "/v1/people",
            {"name": "x", "workspace_role": "king"},
            "/workspace_role",
        ),
        (
            "a text for a boolean",
            "/v1/webhook-subscriptions",
            {"url": "https://example.com", "event_types": ["*"], "active": "true"},
            "/active",
        ),
        (
            "a number for a boolean",
            "/v1/webhook-subscriptions",
            {"url": "https://example.com", "event_types": ["*"], "active": 1},
            "/active",
        ),
        (
            "a text for a list",
            "/v1/webhook-subscriptions",
            {"url": "https://example.com", "event_types": "*"},
            "/event_types",
        ),
        (
            "a number in a list of texts",
            "/v1/webhook-subscriptions",
            {"url": "https://example.com", "event_types": ["*", 1]},
            "/event_types/1",
        ),
        ("a UUID that is none", "/v1/api-keys", {"name": "x", "person_id": "me"}, "/person_id"),
    ],
)
async def test_a_wrong_kind_is_named_by_its_pointer(
    house: World, what: str, path: str, body: dict[str, Any], pointer: str
) -> None:
    async with nothing_written(house):
        assert_problem(await house.owner.post(path, body), 422, "validation_failed", pointer)


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", "application/jsonx", ""])
async def test_another_media_type_is_refused(house: World, media_type: str) -> None:
    async with nothing_written(house):
        answer = await house.marketer.client.post(
            "/v1/projects", content=b'{"code":"X"}', headers={"Content-Type": media_type}
        )
        assert_problem(answer, 415, "unsupported_media_type")


async def test_a_body_in_chunks_is_read_as_any_other(house: World) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for part in (b'{"code":"XM-CHUNKS",', HEADER.encode(), b"}"):
            yield part

    answer = await house.marketer.client.post(
        "/v1/projects",
        content=chunks(),
        headers={"Content-Type": "application/json; charset=utf-8"},
    )
    assert answer.status_code == 201, answer.text
    assert "content-length" not in answer.request.headers


async def test_a_body_in_chunks_that_grows_too_large_is_refused(house: World) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        yield b'{"code":"'
        for _ in range(64):
            yield b"x" * 16_384
        yield b'"}'

    async with nothing_written(house):
        answer = await house.marketer.client.post(
            "/v1/projects", content=chunks(), headers={"Content-Type": "application/json"}
        )
        assert_problem(answer, 413, "body_too_large")


async def test_a_time_long_ago_is_kept_and_read_back(house: World) -> None:
    """The year has four digits in the log, so that the stream can be folded again."""
    long_ago = "0987-06-05T04:03:02.000001Z"
    made = await house.marketer.post(
        "/v1/projects", GOOD | {"code": "XM-987", "occurred_at": long_ago}
    )
    assert made.status_code == 201, made.text
    assert {event["occurred_at"] for event in made.json()["events"]} == {long_ago}


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-01-02T03:04:05+08:00", "2026-01-01T19:04:05.000000Z"),
        ("2026-01-02T03:04:05-21:19", "2026-01-03T00:23:05.000000Z"),
        ("2026-01-02T03:04:05.123456789Z", "2026-01-02T03:04:05.123456Z"),
    ],
)
async def test_a_time_is_kept_in_utc_whatever_its_offset(
    house: World, given: str, kept: str
) -> None:
    made = await house.owner.post("/v1/people", {"name": "新人", "occurred_at": given})
    assert made.status_code == 201, made.text
    [event] = made.json()["events"]
    assert event["occurred_at"] == kept
    shown = made.json()["person"]
    assert shown["created_at"].removesuffix("Z") == kept.removesuffix("Z").removesuffix(".000000")
    assert (await house.owner.get(made.headers["location"])).json() == shown


async def test_a_body_that_breaks_off_is_no_failure_of_ours(house: World) -> None:
    def line(status: int) -> str:
        return f'{{method="POST",route="/v1/projects",status="{status}"}}'

    before = await _answers(house)
    url = httpx.URL(house.api.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        b"POST /v1/projects HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Authorization: Bearer %b\r\nContent-Length: 100\r\n\r\n{" % house.owner.key.encode()
    )
    await writer.drain()
    writer.close()
    for _ in range(200):
        after = await _answers(house)
        if after.get(line(400)) != before.get(line(400)):
            break
        await asyncio.sleep(0.05)
    assert float(after[line(400)]) == float(before.get(line(400), 0)) + 1
    assert after.get(line(500)) == before.get(line(500))


async def _answers(house: World) -> dict[str, str]:
    """How many answers of each kind the API has given, as its metrics say it."""
    name = "genjin_http_request_seconds_count"
    lines = (await house.owner.get("/metrics")).text.splitlines()
    return dict(line.removeprefix(name).split(" ") for line in lines if line.startswith(name))
