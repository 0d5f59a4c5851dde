"""as_of on every read of a project: what it answered then is what it answers now about then."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from genjin_api.field_changes import document as document_of
from genjin_api.past.reading import Past, Place
from tests.http.asserting import assert_problem
from tests.http.openapi import operations as operations_of
from tests.past.lives import Event, as_json, fold
from tests.past.record import LISTS, Record
from tests.projects.histories import random_story
from tests.pursuit import Pursuit, done
from tests.world import World


async def ask(pursuit: Pursuit, path: str, as_of: object) -> httpx.Response:
    mark = "&" if "?" in path else "?"
    query = httpx.QueryParams({"as_of": str(as_of)})
    return await pursuit.world.auditor.client.get(f"{pursuit.path}{path}{mark}{query}")


async def test_every_read_answers_about_a_version_as_it_answered_then(
    pursuit: Pursuit, record: Record
) -> None:
    assert len({answers.version for answers in record}) > 30
    for answers in record:
        for path, body in answers.by_path.items():
            then = done(await ask(pursuit, path, answers.version))
            assert then.json() == body, (path, answers.version)
            assert then.headers["etag"] == f'"{answers.version}"'


async def test_position_and_time_name_the_same_past_as_the_version(
    pursuit: Pursuit, record: Record, events: list[Event]
) -> None:
    later = {event["version"]: event for event in events}
    for answers in record[::4]:
        event = later[answers.version]
        for path in ("", "/stages", "/risks", "/gate", "/state"):
            for point in (f"@{event['position']}", event["recorded_at"]):
                then = done(await ask(pursuit, path, point))
                assert then.json() == answers.by_path[path], (path, point)
                assert then.headers["etag"] == f'"{answers.version}"'
                assert then.headers["genjin-position"] == str(event["position"])


async def test_the_state_at_every_version_is_the_fold_of_the_events_up_to_it(
    pursuit: Pursuit, events: list[Event]
) -> None:
    """In the midst of a commit too."""
    for version in range(2, len(events) + 1):
        then = done(await ask(pursuit, "/state", version)).json()
        assert then == as_json(document_of(fold(events[:version]))), version


async def test_between_two_events_it_is_as_after_the_first(
    pursuit: Pursuit, old_world: World, events: list[Event]
) -> None:
    """Positions of other streams and moments in which nothing happened."""
    done(await old_world.marketer.post("/v1/projects", {"code": "XM-B", "header": {"name": "x"}}))
    done(await old_world.marketer.patch(pursuit.path, {"header": {"quoter": "王芳"}}))
    newest = (await pursuit.items("events", order="desc", limit=1))[0]
    card = done(await ask(pursuit, "", f"@{newest['position'] - 1}"))
    assert card.headers["etag"] == f'"{events[-1]["version"]}"'
    assert card.headers["genjin-position"] == str(newest["position"] - 1)
    before = datetime.fromisoformat(newest["recorded_at"]) - timedelta(microseconds=1)
    assert (await ask(pursuit, "", before.isoformat())).json() == card.json()


async def test_an_answer_about_the_past_may_be_kept_and_one_about_the_present_not(
    pursuit: Pursuit, record: Record
) -> None:
    for path in ("", *(f"/{name}" for name in LISTS)):
        then = done(await ask(pursuit, path, record[0].version))
        assert then.headers["cache-control"] == "private, max-age=86400, immutable"
        now = done(await pursuit.world.auditor.get(f"{pursuit.path}{path}"))
        assert "cache-control" not in now.headers


async def test_the_same_question_gives_the_same_bytes_whatever_happened_since(
    pursuit: Pursuit, record: Record
) -> None:
    first = await ask(pursuit, "/stages", record[3].version)
    done(await pursuit.world.marketer.patch(pursuit.path, {"header": {"quoter": str(uuid4())}}))
    again = await ask(pursuit, "/stages", record[3].version)
    assert again.content == first.content


async def test_before_the_project_stood_there_is_none(
    pursuit: Pursuit, events: list[Event]
) -> None:
    created = events[0]
    times = ("2020-01-01T00:00:00Z", "2020-01-01", "0001-01-01")
    for point in (1, f"@{created['position'] - 1}", "@1", *times):
        for path in ("", "/stages", "/risks", "/blame"):
            assert_problem(await ask(pursuit, path, point), 404, "not_found")


async def test_what_did_not_stand_yet_is_not_found(pursuit: Pursuit, record: Record) -> None:
    [newest] = record[-1].by_path["/requirements"]["items"][-1:]
    body = assert_problem(await ask(pursuit, f"/requirements/{newest['id']}", 2), 404, "not_found")
    assert newest["id"] in body["detail"]


async def test_the_future_is_refused_by_the_name_of_the_parameter(
    pursuit: Pursuit, record: Record
) -> None:
    version = (await pursuit.card())["version"]
    times = ("2099-01-01T00:00:00+08:00", "2099-01-01", "9999-12-31")
    for point in (version + 1, 999_999_999, "@999999999", *times):
        answer = await ask(pursuit, "/gate", point)
        assert_problem(answer, 400, "point_in_future", "?as_of")
    for name in ("from", "to"):
        answer = await pursuit.world.auditor.get(f"{pursuit.path}/diff", **{name: version + 1})
        assert_problem(answer, 400, "point_in_future", f"?{name}")


def test_the_day_of_a_point_is_the_calendar_day_of_the_workspace() -> None:
    """The gate is judged by it: what is overdue today was not overdue then."""
    at = datetime.fromisoformat("2026-03-15T17:00:00Z")
    then = Past(random_story(0, steps=1).now, Place(7, at))
    assert then.moment("Asia/Shanghai").today.isoformat() == "2026-03-16"
    assert then.moment("Europe/Berlin").today.isoformat() == "2026-03-15"


@pytest.mark.parametrize(
    "point",
    (
        *("", "0", "-1", "007", "7.0", "٧", "9" * 30),
        *("@", "@0", "@-1", "@" + "9" * 30),
        *("now", "2026-01-01T00:00:00", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+08:00"),
        *("2026-02-30", "2026-1-1", "2026-01", "0000-01-01", "2026-W01-1"),
    ),
)
async def test_what_is_no_point_is_refused_with_the_rule(pursuit: Pursuit, point: str) -> None:
    body = assert_problem(await ask(pursuit, "", point), 422, "validation_failed", "?as_of")
    assert "RFC 3339" in body["errors"][0]["detail"]


async def test_a_plus_sign_that_nobody_escaped_is_understood(
    pursuit: Pursuit, events: list[Event]
) -> None:
    moment = datetime.fromisoformat(events[9]["recorded_at"])
    east = moment.astimezone(datetime.fromisoformat("2026-01-01T00:00:00+08:00").tzinfo)
    path = f"{pursuit.path}?as_of={east.isoformat()}"
    answer = done(await pursuit.world.auditor.client.get(path))
    assert answer.json() == (await ask(pursuit, "", f"@{events[9]['position']}")).json()


async def test_a_foreign_project_is_not_there_at_any_point(
    pursuit: Pursuit, world: World, record: Record
) -> None:
    position = record[0].by_path[""]["version"]
    for path in ("", "/stages", "/state", "/diff", "/blame"):
        for query in ({"as_of": 3}, {"as_of": f"@{position}"}, {"as_of": 10**8}):
            given = {"from": query["as_of"]} if path == "/diff" else query
            answer = await world.owner.get(f"{pursuit.path}{path}", **given)
            assert_problem(answer, 404, "not_found")


async def test_every_read_of_one_project_takes_as_of(pursuit: Pursuit) -> None:
    """Asked of the API's own document, so that a read that is added does not forget it."""
    document: dict[str, Any] = (await pursuit.world.owner.get("/openapi.json")).json()
    reads = [
        one
        for one in operations_of(document)
        if one.method == "get" and one.path.startswith("/v1/projects")
    ]
    without = {
        one.path
        for one in reads
        if "as_of" not in {item["name"] for item in one.description.get("parameters", ())}
    }
    assert {path.removeprefix("/v1/projects/{project_id}/") for path in without} == {
        "events",
        "events/stream",
        "documents/{document_id}/content",  # never another
        "diff",
        "forms/{form}/prefill",  # of a form that is yet to be saved
    }
    assert len(reads) > 15
