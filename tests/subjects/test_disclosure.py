"""Who is shown personal values in the clear, and what is recorded of it."""

import asyncio

import pytest

from tests.http.asserting import newest_position
from tests.pursuit import done
from tests.subjects.registered import (
    LI_SAID,
    PROFILE,
    REPORT,
    WANG_SAID,
    Registered,
    profile_of,
    save,
)


async def test_until_then_who_works_on_the_project_reads_it_in_the_clear(
    registered: Registered,
) -> None:
    report = await registered.report(registered.first)
    assert [one["name"] for one in report["values"]["customer_people"]] == [WANG_SAID, LI_SAID]
    assert report["withheld"] == {}
    assert report["subjects"][registered.wang] == ["/customer_people/0"]


async def test_difference_and_blame_show_values_in_the_clear_to_whoever_may_read_them(
    registered: Registered,
) -> None:
    pursuit, auditor = registered.first, registered.world.auditor
    then = (await pursuit.card())["version"]
    changed = profile_of("爱下围棋")
    await save(
        pursuit,
        PROFILE,
        values=changed,
        reason="更正",
        subjects={registered.wang: ["/preferences"]},
    )
    diff = done(await auditor.get(f"{pursuit.path}/diff", **{"from": str(then)})).json()
    path = f"/forms/{PROFILE}:1/values/preferences"
    [line] = [line for line in diff["lines"] if line["path"] == path]
    assert (line["before"], line["after"]) == (WANG_SAID, "爱下围棋")
    blamed = done(await auditor.get(f"{pursuit.path}/blame", path=path)).json()["items"]
    assert [one["value"] for one in blamed] == ["爱下围棋"]


async def test_the_history_holds_sealed_values_alone(registered: Registered) -> None:
    events = await registered.first.items("events", type="form.*", limit=200)
    assert len(events) == 2
    for event in events:
        assert event["schema_version"] == 2
        assert WANG_SAID not in str(event) and LI_SAID not in str(event)
        assert registered.wang in event["data"]["subjects"]
    found = done(await registered.world.auditor.get("/v1/events", subject=registered.wang)).json()
    assert {event["type"] for event in found["items"]} == {"form.completed"}
    assert len(found["items"]) == 3


async def test_who_holds_no_role_in_the_project_is_shown_nothing_that_is_sealed(
    registered: Registered,
) -> None:
    pursuit, outsider = registered.first, registered.world.outsider
    version = (await pursuit.card())["version"]
    for path in ("/forms", f"/forms/{REPORT}", "/state", "/diff?from=2", "/blame"):
        for as_of in ({}, {"as_of": version}) if "diff" not in path else ({},):
            answer = done(await outsider.client.get(f"{pursuit.path}{path}", params=as_of))
            assert WANG_SAID not in answer.text and LI_SAID not in answer.text
    [report] = done(await outsider.get(f"{pursuit.path}/forms/{REPORT}")).json()["items"]
    assert set(report["withheld"].values()) == {"restricted"}
    assert report["values"]["place"]


async def test_an_owner_who_signs_a_form_is_recorded_as_one_who_saw_it(
    registered: Registered,
) -> None:
    pursuit, owner = registered.first, registered.world.owner
    role = {"role": "marketer", "person_id": owner.id}
    await pursuit.post("role-holders", role)
    body = {"role": "marketer", "revision": 1}
    signed = done(await owner.post(f"{pursuit.path}/forms/{REPORT}/signatures", body))
    assert WANG_SAID in signed.text
    assert signed.headers["cache-control"] == "private, no-store"
    [looked] = done(await owner.get("/v1/events", type="audit.disclosed")).json()["items"]
    assert (looked["actor"]["id"], looked["data"]["forms"]) == (owner.id, [REPORT])


async def test_many_looks_of_one_person_at_once_are_all_recorded(registered: Registered) -> None:
    auditor = registered.world.auditor
    looks = [auditor.get(f"{registered.first.path}/state") for _ in range(40)]
    assert {answer.status_code for answer in await asyncio.gather(*looks)} == {200}
    found = done(await registered.world.owner.get("/v1/events", type="audit.disclosed", limit=200))
    assert len(found.json()["items"]) == 40


@pytest.mark.parametrize("path", ["/state", "/diff", "/blame", "/forms"])
async def test_nobody_may_keep_what_can_be_erased(registered: Registered, path: str) -> None:
    answer = done(await registered.world.marketer.get(f"{registered.first.path}{path}"))
    assert answer.headers["cache-control"] == "private, no-store"


async def test_who_sees_every_project_is_recorded_when_they_look(registered: Registered) -> None:
    pursuit, world = registered.first, registered.world
    done(await world.marketer.patch(pursuit.path, {"header": {"region": "华北"}}))
    head = await newest_position(world)
    done(await world.marketer.get(f"{pursuit.path}/forms"))
    assert await newest_position(world) == head
    version = (await pursuit.card())["version"]
    done(await world.auditor.get(f"{pursuit.path}/forms/{REPORT}", as_of=version))
    [looked] = done(await world.owner.get("/v1/events", type="audit.disclosed")).json()["items"]
    assert looked["actor"]["id"] == world.auditor.id
    data = looked["data"]
    assert (data["project_id"], data["version"]) == (pursuit.path.split("/")[-1], version)
    assert data["forms"] == [REPORT]
    assert data["subjects"].keys() >= {registered.wang, registered.li}
    done(await world.auditor.get(f"{pursuit.path}/stages"))
    assert await newest_position(world) == looked["position"]
