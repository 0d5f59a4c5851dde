"""Files and documents over HTTP: bytes in, a document made of them, the same bytes out."""

import asyncio
import os
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.documents.attaching import AGREEMENT, attach, content_path, hash_of, upload
from tests.http.asserting import assert_problem, nothing_written
from tests.pursuit import Pursuit, done
from tests.world import World

LIMIT = 10 * 2**20


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project())


async def send(
    pursuit: Pursuit, content: bytes, by: str = "marketer", **more: str
) -> httpx.Response:
    headers = {name.replace("_", "-"): value for name, value in more.items()}
    client = getattr(pursuit.world, by).client
    answer: httpx.Response = await client.post(
        f"{pursuit.path}/files", content=content, headers=headers
    )
    return answer


async def test_a_file_comes_out_as_it_went_in(pursuit: Pursuit) -> None:
    content = os.urandom(200_000)
    document = await attach(pursuit, await upload(pursuit, content))
    answer = done(await pursuit.world.auditor.get(content_path(pursuit, document)))
    assert answer.content == content
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["etag"] == f'"{hash_of(content)}"'
    assert answer.headers["content-length"] == "200000"


async def test_a_text_is_not_said_to_be_in_utf_8_when_nobody_said_so(pursuit: Pursuit) -> None:
    content = "技术协议".encode("gbk")
    document = await attach(pursuit, await upload(pursuit, content, "text/plain"))
    answer = done(await pursuit.world.marketer.get(content_path(pursuit, document)))
    assert answer.headers["content-type"] == "text/plain"


async def test_a_browser_saves_a_file_and_never_shows_it(pursuit: Pursuit) -> None:
    page = b"<script>alert(1)</script>"
    document = await attach(pursuit, await upload(pursuit, page, "text/html"))
    headers = done(await pursuit.world.marketer.get(content_path(pursuit, document))).headers
    assert headers["content-disposition"].startswith("attachment;")
    assert "%E6%8A%80%E6%9C%AF" in headers["content-disposition"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in headers["content-security-policy"]


async def test_a_document_is_answered_with_what_was_said_of_it(pursuit: Pursuit) -> None:
    file_hash = await upload(pursuit, b"agreement", "text/plain; charset=utf-8")
    document = await attach(pursuit, file_hash)
    assert document["status"] == "attached"
    assert (document["sha256"], document["size"]) == (hash_of(b"agreement"), 9)
    assert document["media_type"] == "text/plain; charset=utf-8"
    assert document["file_name"] == AGREEMENT
    path = f"{pursuit.path}/documents/{document['id']}"
    assert done(await pursuit.world.auditor.get(path)).json() == document
    assert await pursuit.items("documents") == [document]


async def test_the_event_tells_the_hash_and_not_the_content(pursuit: Pursuit) -> None:
    document = await attach(pursuit, await upload(pursuit, b"agreement"))
    [event] = await pursuit.items("events", type="document.attached")
    assert event["data"]["sha256"] == hash_of(b"agreement")
    assert event["data"]["document_id"] == document["id"]
    assert "agreement" not in str(event)


async def test_a_withdrawn_document_is_listed_as_such_and_can_be_read(pursuit: Pursuit) -> None:
    document = await attach(pursuit, await upload(pursuit, b"agreement"))
    said = {"reason": "扫描不全"}
    gone = (await pursuit.post(f"documents/{document['id']}/withdrawals", said))["document"]
    assert (gone["status"], gone["withdrawal_reason"]) == ("withdrawn", "扫描不全")
    assert await pursuit.items("documents", status="attached") == []
    assert await pursuit.items("documents", status="withdrawn") == [gone]
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert done(answer).content == b"agreement"


async def test_the_documents_of_another_time_are_those_of_then(pursuit: Pursuit) -> None:
    document = await attach(pursuit, await upload(pursuit, b"agreement"))
    version = (await pursuit.card())["version"]
    await pursuit.post(f"documents/{document['id']}/withdrawals", {"reason": "扫描不全"})
    then = await pursuit.items("documents", as_of=version)
    assert [one["status"] for one in then] == ["attached"]


async def test_the_same_file_is_kept_once_in_a_workspace(pursuit: Pursuit) -> None:
    other = Pursuit(pursuit.world, await pursuit.world.project("XM-002"))
    first = await send(pursuit, b"shared", content_type="text/plain")
    again = await send(other, b"shared", content_type="text/html")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.json()["file"]["media_type"] == "text/plain"
    named = await attach(other, hash_of(b"shared"), media_type="text/csv")
    assert named["media_type"] == "text/csv"


async def test_many_may_bring_the_same_file_at_once(pursuit: Pursuit) -> None:
    content = os.urandom(100_000)
    answers = await asyncio.gather(*(send(pursuit, content) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert {answer.text for answer in answers} == {answers[0].text}


async def test_a_file_without_a_media_type_is_bytes(pursuit: Pursuit) -> None:
    file = done(await send(pursuit, b"any")).json()["file"]
    assert file == {
        "sha256": hash_of(b"any"),
        "size": 3,
        "media_type": "application/octet-stream",
    }


async def test_an_upload_is_no_event(pursuit: Pursuit) -> None:
    async with nothing_written(pursuit.world):
        await upload(pursuit, b"not attached")


async def test_a_file_of_the_largest_size_is_taken(pursuit: Pursuit) -> None:
    content = bytes(LIMIT)
    document = await attach(pursuit, await upload(pursuit, content))
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert done(answer).content == content


async def test_one_byte_more_is_refused(pursuit: Pursuit) -> None:
    assert_problem(await send(pursuit, bytes(LIMIT + 1)), 413, "body_too_large")


async def test_a_file_in_chunks_that_grows_too_large_is_refused(pursuit: Pursuit) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LIMIT // 2**16 + 1):
            yield bytes(2**16)

    client = pursuit.world.marketer.client
    answer = await client.post(f"{pursuit.path}/files", content=chunks())
    assert_problem(answer, 413, "body_too_large")


async def test_json_is_a_file_as_any_other_here(pursuit: Pursuit) -> None:
    content = b'{"not": "read", "not": "twice"} \x00'
    document = await attach(pursuit, await upload(pursuit, content, "application/json"))
    answer = await pursuit.world.marketer.get(content_path(pursuit, document))
    assert done(answer).content == content


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"content_type": "pdf"}, "header_invalid"),
        ({"content_type": "multipart/form-data; boundary=x"}, "header_invalid"),
        ({"content_encoding": "gzip"}, "header_invalid"),
    ],
    ids=["no media type", "a form", "packed"],
)
async def test_what_would_be_kept_otherwise_than_it_was_meant_is_refused(
    pursuit: Pursuit, headers: dict[str, str], code: str
) -> None:
    assert_problem(await send(pursuit, b"x", **headers), 400, code)


async def test_no_bytes_are_no_file(pursuit: Pursuit) -> None:
    assert_problem(await send(pursuit, b""), 400, "body_missing")


async def test_who_may_not_attach_may_not_upload(pursuit: Pursuit) -> None:
    assert_problem(await send(pursuit, b"x", "outsider"), 403, "role_not_allowed")
    assert_problem(await send(pursuit, b"x", "auditor"), 403, "workspace_role_not_allowed")
    await pursuit.post("closings", {"outcome": "lost", "reason_code": "price"})
    assert_problem(await send(pursuit, b"x"), 409, "project_closed")


async def test_an_unknown_parameter_is_refused(pursuit: Pursuit) -> None:
    client = pursuit.world.marketer.client
    answer = await client.post(f"{pursuit.path}/files?name=x", content=b"x")
    assert_problem(answer, 422, "validation_failed", "?name")


async def test_an_upload_that_breaks_off_leaves_nothing(pursuit: Pursuit) -> None:
    url = httpx.URL(pursuit.world.api.url)
    _, writer = await asyncio.open_connection(url.host, url.port)
    writer.write(
        f"POST {pursuit.path}/files HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n"
        f"Authorization: Bearer {pursuit.world.marketer.key}\r\n\r\nhalf".encode()
    )
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    body = {"sha256": hash_of(b"half"), "title": "x", "file_name": "x"}
    answer = await pursuit.world.marketer.post(f"{pursuit.path}/documents", body)
    assert_problem(answer, 422, "file_unknown", "/sha256")
