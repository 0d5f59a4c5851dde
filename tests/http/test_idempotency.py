"""An Idempotency-Key is answered with the same bytes for ever, and its request is carried out once."""

import asyncio
from typing import Any
from uuid import uuid4

import asyncpg
import httpx

from tests.http.asserting import assert_problem, newest_position, nothing_written
from tests.world import Person, World, make_world


def key() -> dict[str, str]:
    return {"Idempotency-Key": f"key-{uuid4()}"}


def new_project() -> dict[str, Any]:
    return {"code": f"XM-{uuid4().hex[:12]}", "header": {"name": "某项目"}}


async def post(
    person: Person, path: str, body: dict[str, Any], headers: dict[str, str]
) -> httpx.Response:
    return await person.client.post(path, json=body, headers=headers)


def assert_replayed(first: httpx.Response, again: httpx.Response) -> None:
    assert again.headers["idempotent-replayed"] == "true"
    assert "idempotent-replayed" not in first.headers
    assert again.content == first.content
    assert again.status_code == first.status_code
    for name in ("etag", "genjin-position", "location", "content-type"):
        assert again.headers.get(name) == first.headers.get(name), name


async def test_a_replay_is_the_same_bytes_and_writes_nothing(house: World) -> None:
    body, headers = new_project(), key()
    first = await post(house.marketer, "/v1/projects", body, headers)
    assert first.status_code == 201
    async with nothing_written(house):
        assert_replayed(first, await post(house.marketer, "/v1/projects", body, headers))


async def test_a_replay_stays_the_same_after_the_project_went_on(
    house: World, project: str
) -> None:
    headers = key()
    first = await house.marketer.client.patch(
        project, json={"header": {"region": str(uuid4())}}, headers=headers
    )
    body = first.request.content
    assert (await house.marketer.patch(project, {"header": {"region": "later"}})).status_code == 200
    again = await house.marketer.client.patch(
        project, content=body, headers={**headers, "Content-Type": "application/json"}
    )
    assert_replayed(first, again)


async def test_the_order_of_fields_and_the_quotes_of_the_key_make_no_other_request(
    house: World,
) -> None:
    body, headers = new_project(), key()
    first = await post(house.marketer, "/v1/projects", body, headers)
    turned = dict(reversed(body.items()))
    quoted = {"Idempotency-Key": f'"{headers["Idempotency-Key"]}"'}
    assert_replayed(first, await post(house.marketer, "/v1/projects", turned, quoted))


async def test_the_same_key_for_another_request_is_refused(house: World, project: str) -> None:
    body, headers = new_project(), key()
    await post(house.marketer, "/v1/projects", body, headers)
    async with nothing_written(house):
        for answer in (
            await post(house.marketer, "/v1/projects", new_project(), headers),
            await post(house.marketer, "/v1/projects?x=1", body, headers),
            await post(house.marketer, "/v1/projects", body, {**headers, "If-Match": '"0"'}),
            await post(house.marketer, f"{project}/requirements", {"statement": "x"}, headers),
        ):
            assert answer.status_code == 422
            assert answer.json()["code"] in ("idempotency_key_reused", "validation_failed")
        answer = await post(house.marketer, "/v1/projects", new_project(), headers)
        assert_problem(answer, 422, "idempotency_key_reused")


async def test_a_key_belongs_to_the_person_who_sent_it(house: World) -> None:
    headers = key()
    first = await post(house.marketer, "/v1/projects", new_project(), headers)
    other = await post(house.dept_head, "/v1/projects", new_project(), headers)
    assert (first.status_code, other.status_code) == (201, 201)


async def test_a_refused_request_leaves_its_key_free(house: World, project: str) -> None:
    headers, body = key(), new_project()
    taken = await post(house.marketer, "/v1/projects", body | {"code": "XM-HTTP"}, headers)
    assert_problem(taken, 409, "project_code_taken", "/code")
    assert (await post(house.marketer, "/v1/projects", body, headers)).status_code == 201


async def test_a_recorded_refusal_is_replayed_as_the_problem_that_it_was(
    house: World, project: str
) -> None:
    headers = key()
    path = f"{project}/stage-advances"
    first = await post(house.marketer, path, {}, headers)
    assert_problem(first, 409, "gate_closed")
    assert [event["type"] for event in first.json()["events"]] == ["stage.advance_refused"]
    async with nothing_written(house):
        assert_replayed(first, await post(house.marketer, path, {}, headers))


async def test_a_request_that_changes_nothing_is_replayed_too(house: World, project: str) -> None:
    headers = key()
    path = f"{project}/role-holders"
    patch = {"header": {"region": "同"}}
    await house.marketer.patch(project, patch)
    first = await house.marketer.client.patch(project, json=patch, headers=headers)
    assert (first.status_code, first.json()["events"]) == (200, [])
    assert (await house.marketer.get(path)).status_code == 200
    again = await house.marketer.client.patch(project, json=patch, headers=headers)
    assert_replayed(first, again)


async def test_fifty_at_once_are_carried_out_once_and_answered_alike(house: World) -> None:
    body, headers = new_project(), key()
    before = await newest_position(house)
    answers = await asyncio.gather(
        *(post(house.marketer, "/v1/projects", body, headers) for _ in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("idempotent-replayed" not in answer.headers for answer in answers) == 1
    events = answers[0].json()["events"]
    assert await newest_position(house) == before + len(events)


async def test_of_fifty_that_want_one_code_one_has_it(house: World) -> None:
    body = new_project()
    answers = await asyncio.gather(
        *(post(house.marketer, "/v1/projects", body, key()) for _ in range(50))
    )
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [201, *[409] * 49]


async def test_an_answer_with_a_secret_is_replayed_and_the_secret_is_nowhere_in_the_database(
    house: World,
) -> None:
    async with make_world(house.api) as world:
        secrets = [world.owner.key]
        for path, body in (
            ("/v1/api-keys", {"person_id": world.owner.id, "name": "CRM"}),
            ("/v1/webhook-subscriptions", {"url": "https://example.com/in", "event_types": ["*"]}),
        ):
            headers = key()
            first = await post(world.owner, path, body, headers)
            assert first.status_code == 201, first.text
            assert_replayed(first, await post(world.owner, path, body, headers))
            secrets.append(first.json()["secret"])
        texts = await _everything_kept(house.api.database.admin_url)
    assert world.workspace_id in texts
    for secret in secrets:
        assert secret not in texts
        assert secret.removeprefix("whsec_") not in texts


async def _everything_kept(url: str) -> str:
    """Every row of every table, as text; bytes both in hexadecimal and as they are."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'genjin'"
        )
        kept: list[str] = []
        for [table] in tables:
            for row in await connection.fetch(f'SELECT * FROM genjin."{table}"'):
                for value in row.values():
                    raw = isinstance(value, bytes)
                    kept.append(f"{value.decode('latin-1')} {value.hex()}" if raw else str(value))
        return "\n".join(kept)
    finally:
        await connection.close()
