"""A form's validation report and its links to documents, over HTTP."""

from typing import Any

import pytest

from tests.documents.attaching import attach, upload
from tests.forms.inspection import inspected_project
from tests.http.asserting import assert_problem
from tests.pursuit import Pursuit, done
from tests.world import World

FORM = "forms/inspection"


@pytest.fixture
async def pursuit(world: World) -> Pursuit:
    return await inspected_project(world)


async def save(pursuit: Pursuit, **body: Any) -> dict[str, Any]:
    answer = await pursuit.world.marketer.put(f"{pursuit.path}/{FORM}", body)
    saved: dict[str, Any] = done(answer).json()
    return saved


async def validation(pursuit: Pursuit, **query: str) -> dict[str, Any]:
    client = pursuit.world.general_manager.client
    answer = await client.get(f"{pursuit.path}/{FORM}/validation", params=query)
    found: dict[str, Any] = done(answer).json()
    return found


async def document(pursuit: Pursuit, content: bytes = b"report", **more: Any) -> tuple[Any, str]:
    """A document of the project, and a link to it."""
    made = await attach(pursuit, await upload(pursuit, content), **more)
    return made, f"{made['id']}@sha256:{made['sha256']}"


def kinds(report: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(one["kind"], one["pointer"] or one["role"]) for one in report["missing"]]


async def test_a_draft_s_report_says_all_that_is_missing_before_it_is_signed(
    pursuit: Pursuit,
) -> None:
    saved = await save(pursuit, values={"score": 12})
    report = saved["validation"]
    assert await validation(pursuit) == report
    assert (report["fits"], report["signable"], report["state"]) == (False, False, "draft")
    assert {(one["pointer"], one["rule"], one["severity"]) for one in report["problems"]} == {
        ("/values/report", "required", "blocks_signing"),
        ("/values/visited_on", "required", "blocks_signing"),
        ("/values/score", "too_large", "blocks_signing"),
        ("/values/next_step", "recommended", "hint"),
    }
    assert report["problems"][-1]["severity"] == "hint"
    assert kinds(report) == [
        ("field", "/values/report"),
        ("field", "/values/visited_on"),
        ("completion", None),
        ("signature", "seller"),
        ("signer", "seller"),
        ("signature", "boss"),
    ]
    chinese = await pursuit.world.marketer.client.get(
        f"{pursuit.path}/{FORM}/validation", headers={"Accept-Language": "zh"}
    )
    assert chinese.json()["missing"][0]["text"] == "检查报告: 必须填写"


async def test_a_signature_on_what_does_not_fit_is_refused_with_the_report_s_list(
    pursuit: Pursuit,
) -> None:
    report = (await save(pursuit, values={"score": 12}))["validation"]
    body = {"role": "boss", "revision": 1}
    refused = await pursuit.world.general_manager.post(f"{pursuit.path}/{FORM}/signatures", body)
    assert_problem(refused, 409, "form_not_complete")
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [
        (one["pointer"], one["rule"])
        for one in report["problems"]
        if one["severity"] == "blocks_signing"
    ]


async def test_a_form_shows_the_documents_that_it_links_to_and_a_signature_binds_them(
    pursuit: Pursuit,
) -> None:
    linked, link = await document(pursuit)
    photo, photo_link = await document(pursuit, b"photo", title="照片")
    rows = [{"severity": "low", "photo": photo_link}]
    values = {"report": link, "visited_on": "2026-03-16", "findings": rows}
    saved = await save(pursuit, values=values, complete=True)
    assert (saved["validation"]["fits"], saved["validation"]["signable"]) == (True, True)
    shown = saved["form"]["documents"]
    assert [one["pointer"] for one in shown] == ["/values/report", "/values/findings/0/photo"]
    assert shown[0] | {"pointer": ""} == {
        "pointer": "",
        "document_id": linked["id"],
        "content": f"{pursuit.path}/documents/{linked['id']}/content",
        **{
            key: linked[key]
            for key in ("title", "file_name", "media_type", "size", "sha256", "status")
        },
    }
    content = await pursuit.world.general_manager.get(shown[1]["content"])
    assert done(content).content == b"photo"
    assert await pursuit.items(FORM) == [saved["form"]]
    assert await pursuit.items(FORM, as_of=saved["events"][-1]["version"]) == [saved["form"]]

    extra, _ = await document(pursuit, b"annex", form="inspection", copy_number=1)
    signed = await pursuit.post(
        f"{FORM}/signatures", {"role": "boss", "revision": 1}, by="general_manager"
    )
    bound = {one["id"]: one["sha256"] for one in (linked, photo, extra)}
    assert signed["events"][0]["data"]["documents"] == bound
    assert signed["form"]["signatures"]["boss"]["documents"] == bound


async def test_a_link_holds_while_the_project_has_the_document_with_that_content(
    pursuit: Pursuit,
) -> None:
    linked, link = await document(pursuit)
    values = {"report": link, "visited_on": "2026-03-16"}
    wrong = {
        "document_changed": link[:-1] + ("0" if link[-1] != "0" else "1"),
        "document_unknown": f"{link[:35]}{'0' if link[35] != '0' else '1'}{link[36:]}",
        "wrong_format": linked["id"],
    }
    for rule, value in wrong.items():
        body = {"values": {**values, "report": value}, "complete": True}
        refused = await pursuit.world.marketer.put(f"{pursuit.path}/{FORM}", body)
        assert_problem(refused, 422, "form_invalid")
        [error] = refused.json()["errors"]
        assert (error["pointer"], error["code"]) == ("/values/report", rule)
    await save(pursuit, values=values, complete=True)
    await pursuit.post(f"documents/{linked['id']}/withdrawals", {"reason": "扫描不全"})
    report = await validation(pursuit)
    assert (report["fits"], report["signable"]) == (False, False)
    assert kinds(report)[0] == ("document", "/values/report")
    body = {"role": "boss", "revision": 1}
    refused = await pursuit.world.general_manager.post(f"{pursuit.path}/{FORM}/signatures", body)
    assert_problem(refused, 422, "form_invalid")
    assert [one["code"] for one in refused.json()["errors"]] == ["document_withdrawn"]


async def test_a_copy_that_was_not_begun_has_no_report(pursuit: Pursuit) -> None:
    await save(pursuit, values={})
    client = pursuit.world.marketer
    assert_problem(
        await client.get(f"{pursuit.path}/{FORM}/validation", copy_number="2"), 404, "not_found"
    )


async def test_a_report_says_nothing_of_personal_values_that_the_reader_may_not_see(
    world: World,
) -> None:
    """Not even whether they fit."""
    pursuit = Pursuit(world, await world.project())
    values = {"name": "刘工" * 400, "influence": 9}
    body = {"values": values, "complete": False}
    path = f"{pursuit.path}/forms/contact_profile"
    saved = done(await world.marketer.put(path, body)).json()
    assert "刘工" not in str(saved["validation"])
    places = ["/values/influence", "/values/name"]
    assert {one["pointer"] for one in saved["validation"]["problems"]} >= set(places)
    assert saved["validation"]["unchecked"] == []
    report = done(await world.outsider.get(f"{path}/validation")).json()
    assert report["unchecked"] == places
    assert {one["pointer"] for one in report["problems"]}.isdisjoint(places)
    seen = done(await world.dept_head.get(f"{path}/validation")).json()
    assert seen == saved["validation"]
