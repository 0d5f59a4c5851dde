"""A person's data is erased: in every form of every project, now and in the past, and nothing else is."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from genjin_api.acting import Caller
from genjin_api.action import Action, Request
from genjin_api.app import open_services
from genjin_api.subjects.decider import EraseSubject, erase
from genjin_api.subjects.projection import SUBJECT
from tests.doctor.examining import examined
from tests.http.asserting import assert_problem
from tests.pursuit import done
from tests.subjects.plain import written_before_the_sealing
from tests.subjects.registered import (
    LI_SAID,
    PROFILE,
    REPORT,
    WANG_SAID,
    Registered,
    profile_of,
    report_of,
    save,
)
from tests.world import api_settings

ERASED = {"/customer_people/0": "erased"}


async def test_after_it_the_person_is_gone_from_every_form_and_nobody_else_is(
    registered: Registered,
) -> None:
    before = await registered.report(registered.first)
    await registered.erase(registered.wang)
    for pursuit in (registered.first, registered.second):
        report = await registered.report(pursuit)
        first, second = report["values"]["customer_people"]
        assert (first, second["name"]) == (None, LI_SAID)
        assert report["withheld"] == ERASED
    [profile] = await registered.first.items(f"forms/{PROFILE}")
    assert profile["values"] == {**profile_of(WANG_SAID), "preferences": None}
    after = await registered.report(registered.first)
    assert (after["revision"], after["signatures"]) == (before["revision"], before["signatures"])


async def test_the_past_forgets_as_well(registered: Registered) -> None:
    pursuit, auditor = registered.first, registered.world.auditor
    then = (await pursuit.card())["version"]
    await save(pursuit, REPORT, values=report_of(LI_SAID), reason="汪总未到场", subjects={})
    told = done(await auditor.get(f"{pursuit.path}/forms", as_of=then))
    assert WANG_SAID in told.text
    await registered.erase(registered.wang)
    for path in ("/forms", f"/forms/{REPORT}", "/state", "/blame"):
        answer = done(await auditor.get(f"{pursuit.path}{path}", as_of=then))
        assert WANG_SAID not in answer.text
        assert answer.headers["cache-control"] == "private, no-store"
        if path != "/blame":
            assert LI_SAID in answer.text
    answer = done(await auditor.get(f"{pursuit.path}/diff", **{"from": str(then)}))
    assert WANG_SAID not in answer.text


async def test_the_erasure_is_recorded_once_and_in_each_project(registered: Registered) -> None:
    erased = await registered.erase(registered.wang)
    assert [event["type"] for event in erased["events"]] == ["subject.erased"]
    assert erased["subject"]["erased_by"] == registered.world.owner.id
    again = await registered.erase(registered.wang)
    assert (again["events"], again["subject"]) == ([], erased["subject"])
    history = done(await registered.world.auditor.get("/v1/events", type="form.erased")).json()
    told = [(event["stream"], event["data"]["form"]) for event in history["items"]]
    first, second = (
        f"project-{one.path.split('/')[-1]}" for one in (registered.first, registered.second)
    )
    assert sorted(told) == sorted([(first, REPORT), (first, PROFILE), (second, REPORT)])
    assert {event["correlation_id"] for event in history["items"]} == {
        erased["events"][0]["correlation_id"]
    }


async def test_an_erased_person_cannot_come_back_under_the_same_id(registered: Registered) -> None:
    await registered.erase(registered.wang)
    body = {
        "values": profile_of("新"),
        "reason": "补录",
        "subjects": {registered.wang: ["/preferences"]},
    }
    answer = await registered.world.marketer.put(f"{registered.first.path}/forms/{PROFILE}", body)
    assert_problem(answer, 409, "subject_erased", "/subjects")
    saved = await save(registered.first, PROFILE, values=profile_of("新"), reason="补录")
    assert saved["form"]["values"]["preferences"] == "新"


async def test_a_replayed_answer_shows_what_can_still_be_read(registered: Registered) -> None:
    path = f"{registered.first.path}/forms/{PROFILE}"
    headers = {"Idempotency-Key": f"key-{uuid4()}"}
    body = {
        "values": profile_of("嗜茶"),
        "complete": True,
        "reason": "更正",
        "subjects": {registered.wang: ["/preferences"]},
    }
    client = registered.world.marketer.client
    first = done(await client.put(path, json=body, headers=headers))
    again = done(await client.put(path, json=body, headers=headers))
    assert again.content == first.content
    assert first.json()["form"]["values"]["preferences"] == "嗜茶"
    await registered.erase(registered.wang)
    later = done(await client.put(path, json=body, headers=headers))
    assert later.headers["idempotent-replayed"] == "true"
    assert later.json()["form"]["values"]["preferences"] is None
    assert later.json()["form"]["withheld"] == {"/preferences": "erased"}


async def test_an_answer_that_was_kept_replays_an_erasure_too(registered: Registered) -> None:
    headers = {"Idempotency_Key": f"key-{uuid4()}"}
    first = await registered.erase(registered.wang, **headers)
    assert await registered.erase(registered.wang, **headers) == first


async def test_an_erasure_that_is_repeated_destroys_a_key_that_came_back(
    registered: Registered,
) -> None:
    await registered.erase(registered.wang)
    owner = await asyncpg.connect(registered.world.api.database.admin_url)
    await owner.execute(
        "UPDATE genjin_keys.subject_key SET sealed = 'from a backup', destroyed_at = NULL"
        " WHERE subject_id = $1",
        registered.wang,
    )
    await registered.erase(registered.wang)
    key = "SELECT sealed FROM genjin_keys.subject_key WHERE subject_id = $1"
    assert await owner.fetchval(key, registered.wang) is None
    await owner.close()


async def test_the_key_goes_in_the_commit_that_records_the_erasure(registered: Registered) -> None:
    """Whatever becomes of the process after it."""
    workspace_id, subject_id = UUID(registered.world.workspace_id), UUID(registered.wang)
    database = registered.world.api.database
    caller = Caller(workspace_id, UUID(registered.world.owner.id), "周正", "owner", "Asia/Shanghai")
    async with open_services(api_settings(database)) as services:
        action = Action(
            kind=SUBJECT,
            identifier=subject_id,
            decide=lambda subject, _moment: erase(subject, EraseSubject(reason="本人要求删除")),
            show=lambda _subject: {},
        )
        await services.writer.handle(Request.without_http(caller), action)
    owner = await asyncpg.connect(database.admin_url)
    row = await owner.fetchrow(
        "SELECT sealed, destroyed_at FROM genjin_keys.subject_key WHERE subject_id = $1", subject_id
    )
    await owner.close()
    assert row is not None
    assert row["sealed"] is None
    assert row["destroyed_at"] is not None
    assert (await registered.report(registered.first))["withheld"] == ERASED


async def test_nothing_is_left_of_the_key_in_the_files_of_the_database(
    registered: Registered,
) -> None:
    owner = await asyncpg.connect(registered.world.api.database.admin_url)
    file = await owner.fetchval("SELECT pg_relation_filepath('genjin_keys.subject_key')")
    sealed = await owner.fetchval(
        "SELECT sealed FROM genjin_keys.subject_key WHERE subject_id = $1", registered.wang
    )
    await owner.execute("CHECKPOINT")
    data = Path(await owner.fetchval("SHOW data_directory"))
    assert sealed.encode() in (data / file).read_bytes()
    await registered.erase(registered.wang)
    await owner.execute("CHECKPOINT")
    now = await owner.fetchval("SELECT pg_relation_filepath('genjin_keys.subject_key')")
    assert now != file
    assert sealed.encode() not in (data / now).read_bytes()
    await owner.close()


async def test_the_time_of_an_erasure_is_that_of_its_record(registered: Registered) -> None:
    body = {"reason": "本人要求删除", "occurred_at": "2001-01-01T00:00:00Z"}
    path = f"/v1/subjects/{registered.wang}/erasures"
    answer = await registered.world.owner.post(path, body)
    assert_problem(answer, 422, "validation_failed", "/occurred_at")


async def test_a_write_beside_the_erasure_is_erased_or_refused(registered: Registered) -> None:
    """Whoever comes second: nothing of the person can be read when both are done."""

    async def write(number: int) -> int:
        values = report_of(WANG_SAID, f"{LI_SAID}{number}")
        named = {registered.wang: ["/customer_people/0"], registered.li: ["/customer_people/1"]}
        body = {"values": values, "complete": True, "reason": "补充", "subjects": named}
        answer = await registered.world.marketer.put(
            f"{registered.first.path}/forms/{REPORT}", body
        )
        assert answer.status_code in (200, 409), answer.text
        return answer.status_code

    writes = [write(number) for number in range(12)]
    statuses, _ = await asyncio.gather(asyncio.gather(*writes), registered.erase(registered.wang))
    assert await write(99) == 409, statuses
    report = await registered.report(registered.first)
    assert report["values"]["customer_people"][0] is None
    assert report["withheld"] == ERASED


async def test_where_a_persons_data_stands_is_told_page_by_page(registered: Registered) -> None:
    owner, path = registered.world.owner, f"/v1/subjects/{registered.wang}"
    subject = done(await owner.get(path)).json()
    assert subject == {"id": registered.wang, "erased_at": None, "erased_by": None, "reason": None}
    found: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        page = done(await owner.get(f"{path}/forms", limit=1, **cursor)).json()
        found += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    places = {(one["form"], *one["places"]) for one in found}
    assert len(found) == 3
    assert places == {(REPORT, "/customer_people/0"), (PROFILE, "/preferences")}
    await registered.erase(registered.wang)
    subject = done(await owner.get(path)).json()
    assert subject["erased_at"] is not None


@pytest.mark.parametrize("path", ["", "/forms"])
async def test_a_person_of_whom_nothing_is_kept_is_not_found(
    registered: Registered, path: str
) -> None:
    owner, unknown = registered.world.owner, f"/v1/subjects/{uuid4()}"
    assert_problem(await owner.get(f"{unknown}{path}"), 404, "not_found")
    erasing = await owner.post(f"{unknown}/erasures", {"reason": "误"})
    assert_problem(erasing, 404, "not_found")


async def test_only_owners_and_admins_erase_and_members_do_not_look(registered: Registered) -> None:
    path = f"/v1/subjects/{registered.wang}"
    for person in (registered.world.marketer, registered.world.auditor):
        answer = await person.post(f"{path}/erasures", {"reason": "误"})
        assert_problem(answer, 403, "workspace_role_not_allowed")
    assert_problem(await registered.world.marketer.get(path), 403, "workspace_role_not_allowed")


async def test_an_erasure_claims_nothing_of_what_was_never_sealed(registered: Registered) -> None:
    """It stands in the log for good, and names nobody: so the answer says where."""
    erased = await registered.erase(registered.li)
    assert erased["not_erased"] == {"events": 0, "projects": [], "all_looked_at": True}
    pursuit = await written_before_the_sealing(registered.world, code="XM-3")
    headers = {"Idempotency_Key": f"key-{uuid4()}"}
    erased = await registered.erase(registered.wang, **headers)
    project_id = pursuit.path.rpartition("/")[2]
    plain = {"events": 1, "projects": [project_id], "all_looked_at": True}
    assert erased["not_erased"] == plain
    database = registered.world.api.database
    finding = (await examined(database.api_url))["unsealed_forms"]
    assert finding.level == "warn"
    assert f"{REPORT} of project" in finding.reason
    # Sealed from now on; but the event says what stood there before.
    await save(pursuit, REPORT, values=report_of("新"), reason="补录")
    again = await registered.erase(registered.wang)
    assert again["not_erased"] == {**plain, "events": 2}
    assert await registered.erase(registered.wang, **headers) == erased
    finding = (await examined(database.api_url))["unsealed_forms"]
    assert project_id not in finding.reason
    log = done(await registered.world.auditor.get(f"{pursuit.path}/events", type="form.*"))
    assert WANG_SAID in log.text
