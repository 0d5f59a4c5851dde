"""Requests that are refused before any body: credentials, roles, paths, methods, headers, query parameters."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from genjin_api.people.keys import new_key
from tests.http.asserting import assert_problem, nothing_written
from tests.world import World

NOBODYS = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"
BODY = {"code": "XM-NO", "header": {"name": "某项目"}}


@pytest.mark.parametrize(
    "authorization",
    [None, "", "Bearer", "Basic YTpi", "Bearer gj_live_x", "Bearer é", f"Bearer {new_key()}"],
    ids=["none", "empty", "no key", "another scheme", "malformed", "no ASCII", "unknown"],
)
async def test_without_a_known_key_nothing_is_answered(
    house: World, authorization: str | None
) -> None:
    headers: Any = {} if authorization is None else {"Authorization": authorization.encode()}
    async with httpx.AsyncClient(base_url=house.api.url, trust_env=False) as nobody:
        for method, path in (
            ("GET", "/v1/me"),
            ("POST", "/v1/projects"),
            ("GET", f"/v1/projects/{uuid4()}"),
        ):
            answer = await nobody.request(method, path, headers=headers)
            assert_problem(answer, 401, "unauthorized")
            assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_key_with_one_wrong_character_is_refused(house: World) -> None:
    key = house.owner.key
    for place in (8, 20, len(key) - 1):
        wrong = key[:place] + ("a" if key[place] != "a" else "b") + key[place + 1 :]
        answer = await house.owner.client.get(
            "/v1/me", headers={"Authorization": f"Bearer {wrong}"}
        )
        assert_problem(answer, 401, "unauthorized")


async def test_an_expired_key_is_refused(house: World) -> None:
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    made = await house.owner.post(
        "/v1/api-keys",
        {"person_id": house.owner.id, "name": "short", "expires_at": soon.isoformat()},
    )
    headers = {"Authorization": f"Bearer {made.json()['secret']}"}
    for _ in range(100):
        answer = await house.owner.client.get("/v1/me", headers=headers)
        if answer.status_code == 401:
            break
        await asyncio.sleep(0.1)
    assert_problem(answer, 401, "unauthorized")
    assert datetime.now(UTC) > soon


async def test_auditors_read_and_do_not_write(house: World, project: str) -> None:
    assert (await house.auditor.get("/v1/events")).status_code == 200
    assert (await house.auditor.get(project)).status_code == 200
    async with nothing_written(house):
        for answer in (
            await house.auditor.post("/v1/projects", BODY),
            await house.auditor.patch(project, {"header": {"region": "x"}}),
            await house.auditor.post("/v1/api-keys", {"person_id": house.auditor.id, "name": "x"}),
            await house.auditor.delete(f"/v1/api-keys/{uuid4()}", reason="x"),
            await house.auditor.put(f"{project}/forms/project_bid_analysis", {"values": {}}),
        ):
            assert_problem(answer, 403, "workspace_role_not_allowed")


async def test_members_neither_read_the_workspaces_log_nor_run_it(house: World) -> None:
    async with nothing_written(house):
        for answer in (
            await house.marketer.get("/v1/events"),
            await house.marketer.get("/v1/webhook-subscriptions"),
            await house.marketer.get(f"/v1/webhook-subscriptions/{uuid4()}"),
            await house.marketer.post("/v1/people", {"name": "x"}),
            await house.marketer.post(
                "/v1/webhook-subscriptions", {"url": "https://example.com", "event_types": ["*"]}
            ),
        ):
            assert_problem(answer, 403, "workspace_role_not_allowed")


@pytest.mark.parametrize(
    "path", ["/", "/v1", "/v1/nothing", "/v1/projects/", "/v2/projects", "/v1/%00", "/v1/%ff"]
)
async def test_an_unknown_path_is_not_found(house: World, path: str) -> None:
    for method in ("GET", "POST", "DELETE"):
        assert_problem(await house.owner.client.request(method, path), 404, "not_found")


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/projects", {"GET", "POST"}),
        ("DELETE", "/v1/projects", {"GET", "POST"}),
        ("POST", "/v1/me", {"GET"}),
        ("PUT", f"/v1/projects/{NOBODYS}", {"GET", "PATCH"}),
        ("POST", f"/v1/webhook-subscriptions/{NOBODYS}", {"GET", "PATCH", "DELETE"}),
        ("GET", f"/v1/api-keys/{NOBODYS}", {"DELETE"}),
        ("TRACE", "/v1/events", {"GET", "QUERY"}),
        ("PROPFIND", "/v1/people", {"GET", "POST"}),
    ],
)
async def test_a_wrong_method_is_told_the_right_ones(
    house: World, method: str, path: str, allowed: set[str]
) -> None:
    answer = await house.owner.client.request(method, path)
    assert_problem(answer, 405, "method_not_allowed")
    assert set(answer.headers["allow"].split(", ")) == allowed


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/projects/not-a-uuid", ":project_id"),
        ("/v1/projects/123", ":project_id"),
        ("/v1/events/x", ":event_id"),
        ("/v1/projects?limit=0", "?limit"),
        ("/v1/projects?limit=201", "?limit"),
        ("/v1/projects?limit=-1", "?limit"),
        ("/v1/projects?limit=many", "?limit"),
        (f"/v1/projects?limit={10**30}", "?limit"),
        ("/v1/projects?sort=colour", "?sort"),
        (f"/v1/projects?search={'x' * 101}", "?search"),
        ("/v1/events?order=sideways", "?order"),
        ("/v1/events?type=Stage", "?type"),
        ("/v1/events?type=stage.*.x", "?type"),
        ("/v1/events?actor=me", "?actor"),
        ("/v1/events?recorded_from=1700000000", "?recorded_from"),
        ("/v1/events?recorded_to=2026-01-32", "?recorded_to"),
        ("/v1/events?recorded_to=2026-01-01T00:00:00", "?recorded_to"),
        ("/v1/events?path=header", "?path"),
        ("/v1/events?position_from=-1", "?position_from"),
        ("/v1/events?phrase=colour:red", "?phrase"),
        ("/v1/events?occurred_from=0001-01-01T00:00:00%2B14:00", "?occurred_from"),
        ("/v1/templates/pursuit/versions/one", ":version"),
    ],
)
async def test_a_wrong_parameter_is_named(house: World, path: str, pointer: str) -> None:
    assert_problem(await house.owner.get(path), 422, "validation_failed", pointer)


@pytest.mark.parametrize(
    ("path", "pointer"),
    [
        ("/v1/projects?search=%00", "?search"),
        ("/v1/projects?region=a%00b", "?region"),
        ("/v1/events?role=%00", "?role"),
        ("/v1/events?request_id=%00", "?request_id"),
        ("/v1/templates/%00", ":key"),
    ],
)
async def test_the_character_nul_is_refused_outside_of_bodies_too(
    house: World, path: str, pointer: str
) -> None:
    assert_problem(await house.owner.get(path), 422, "text_not_storable", pointer)


async def test_the_character_nul_in_a_reason_is_refused(house: World, project: str) -> None:
    path = f"{project}/role-holders/marketer/{house.marketer.id}?reason=a%00b"
    async with nothing_written(house):
        answer = await house.marketer.client.delete(path)
        assert_problem(answer, 422, "text_not_storable", "?reason")


@pytest.mark.parametrize(
    "headers",
    [
        {"If-Match": "x"},
        {"If-Match": "*"},
        {"If-Match": '"1", "2"'},
        {"If-Match": 'W/"1"'},
        {"If-Match": '"-1"'},
        {"If-Match": '"99999999999999999999"'},
        {"If-Match": ""},
        {"Idempotency-Key": ""},
        {"Idempotency-Key": '""'},
        {"Idempotency-Key": "with space"},
        {"Idempotency-Key": "x" * 256},
        {"Idempotency-Key": "schlüssel"},
        {"Correlation-Id": "with space"},
        {"Correlation-Id": "é"},
    ],
)
async def test_a_header_that_is_not_understood_is_refused(
    house: World, headers: dict[str, str]
) -> None:
    sent: Any = {name: value.encode("latin-1") for name, value in headers.items()}
    async with nothing_written(house):
        answer = await house.marketer.client.post("/v1/projects", json=BODY, headers=sent)
        assert_problem(answer, 400, "header_invalid")


async def test_titles_are_chinese_for_who_reads_chinese(house: World) -> None:
    async def title(language: str, path: str = f"/v1/projects/{uuid4()}") -> httpx.Response:
        return await house.owner.client.get(path, headers={"Accept-Language": language})

    assert_problem(await title("zh-CN,zh;q=0.9,en;q=0.8"), 404, "not_found", language="zh")
    assert_problem(await title("fr, zh-Hant"), 404, "not_found", language="zh")
    assert_problem(await title("en-GB, zh"), 404, "not_found")
    assert_problem(await title("fr"), 404, "not_found")
    assert_problem(await title("zh", "/v1/nothing"), 404, "not_found", language="zh")
    assert_problem(await title("zh", "/v1/projects/x"), 422, "validation_failed", language="zh")


async def test_a_request_id_that_is_fit_is_kept_and_stands_in_the_events(house: World) -> None:
    given = f"request-{uuid4()}"
    body = {"code": f"XM-{uuid4().hex[:8]}", "header": {"name": "x"}}
    made = await house.marketer.client.post(
        "/v1/projects", json=body, headers={"X-Request-Id": given}
    )
    assert made.headers["request-id"] == given
    assert {event["request_id"] for event in made.json()["events"]} == {given}
    for unfit in ("short", "x" * 65, "with space in it", "<script>alert"):
        answer = await house.owner.client.get("/v1/me", headers={"X-Request-Id": unfit})
        assert answer.headers["request-id"] != unfit


@pytest.mark.parametrize(
    ("path", "name"),
    [("/v1/events", "colour"), ("/v1/projects", "nosuch"), ("/v1/follow-ups", "owner")],
)
async def test_a_query_parameter_that_does_not_exist_is_refused_by_name(
    world: World, path: str, name: str
) -> None:
    answer = await world.owner.get(path, **{name: "x"})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [f"?{name}"]
