"""What lies between two points: a patch that makes one state of the other, and lines for people."""

import copy
import random
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from genjin_api.field_changes import document
from genjin_api.past.difference import json_patch
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from tests.http.asserting import assert_problem
from tests.past.lives import Event
from tests.past.record import Record
from tests.projects.histories_by_content import OF_EVERY_TABLE, stories
from tests.pursuit import Pursuit, done

KEYS = st.sampled_from(["a", "b", "a/b", "~", ""])
JSON = st.recursive(
    st.sampled_from([None, True, False, 0, 1, 1.0, -2, 0.5, "", "1", "字"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
OBJECTS = st.dictionaries(KEYS, JSON, max_size=4)
# Somebody else may be working on this machine.
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def applied(patch: list[dict[str, Any]], before: Any) -> Any:
    """RFC 6902, as far as objects go."""
    after = copy.deepcopy(before)
    for operation in patch:
        *way, key = [
            part.replace("~1", "/").replace("~0", "~") for part in operation["path"].split("/")[1:]
        ]
        place = after
        for part in way:
            place = place[part]
        if operation["op"] == "add":
            assert key not in place
        else:
            assert key in place
        if operation["op"] == "remove":
            del place[key]
        else:
            place[key] = operation["value"]
    return after


def same(left: Any, right: Any) -> bool:
    """As JSON: true is not 1, 1 is not 1.0."""
    return repr(left) == repr(right) or (
        isinstance(left, dict)
        and isinstance(right, dict)
        and left.keys() == right.keys()
        and all(same(left[key], right[key]) for key in left)
    )


@PATIENT
@given(OBJECTS, OBJECTS)
def test_a_patch_makes_one_document_of_another(
    before: dict[str, Any], after: dict[str, Any]
) -> None:
    assert same(applied(list(json_patch(before, after)), before), after)


@PATIENT
@given(OBJECTS)
def test_nothing_lies_between_equal_documents(value: dict[str, Any]) -> None:
    assert list(json_patch(value, copy.deepcopy(value))) == []


@cache
def life(number: int) -> list[Project]:
    states: list[Project] = []
    for fact, stamp in stories(OF_EVERY_TABLE, 60, 4)[number].told:
        states.append(evolve(states[-1] if states else None, fact, stamp))  # type: ignore[arg-type]
    return states


@PATIENT
@given(st.integers(0, 3), st.data())
def test_a_patch_leads_from_any_state_of_a_project_to_any_other(
    number: int, data: st.DataObject
) -> None:
    states = st.sampled_from(life(number))
    before, after = document(data.draw(states)), document(data.draw(states))
    assert same(applied(list(json_patch(before, after)), before), after)


async def diff(pursuit: Pursuit, query: dict[str, Any], language: str = "en") -> dict[str, Any]:
    answer = await pursuit.world.auditor.client.get(
        f"{pursuit.path}/diff", params=query, headers={"Accept-Language": language}
    )
    assert answer.headers["content-language"] == language
    body: dict[str, Any] = done(answer).json()
    return body


async def test_between_any_two_points_it_leads_from_the_one_state_to_the_other(
    pursuit: Pursuit, record: Record, events: list[Event]
) -> None:
    chance = random.Random(4)
    for _ in range(20):
        start, end = chance.choice(record), chance.choice(record)
        found = await diff(pursuit, {"from": start.version, "to": end.version})
        before, after = start.by_path["/state"], end.by_path["/state"]
        assert same(applied(found["patch"], before), after)
        assert (found["from"]["version"], found["to"]["version"]) == (start.version, end.version)
        position = events[end.version - 1]["position"]
        assert found["to"]["position"] == position
        point = {"from": start.version, "to": f"@{position}"}
        assert (await diff(pursuit, point))["patch"] == found["patch"]


async def test_each_line_names_the_events_that_touched_the_field(
    pursuit: Pursuit, record: Record, events: list[Event]
) -> None:
    start, end = record[5].version, record[-3].version
    found = await diff(pursuit, {"from": start, "to": end})
    between = events[start:end]
    assert len(found["lines"]) > 20
    for line in found["lines"]:
        above = {line["path"][: len(line["path"]) - cut] for cut in range(len(line["path"]))}
        wanted = [
            event["position"]
            for event in between
            if any(
                change["path"] in above and _is_part(change["path"], line["path"])
                for change in event["changes"]
            )
        ]
        assert line["events"] == wanted, line
        assert wanted, line


def _is_part(path: str, of: str) -> bool:
    return of == path or of.startswith(f"{path}/")


async def test_lines_stand_in_the_words_of_the_template(pursuit: Pursuit) -> None:
    version = int(
        done(
            await pursuit.world.marketer.patch(
                pursuit.path, {"header": {"general_contractor": "甲"}}
            )
        ).headers["etag"][1:-1]
    )
    done(await pursuit.world.marketer.patch(pursuit.path, {"header": {"general_contractor": "乙"}}))
    query = {"from": version, "to": version + 1}
    for language, words in (("zh", "总承包方"), ("en", "General contractor")):
        line, counted = (await diff(pursuit, query, language))["lines"]
        assert counted["path"].endswith("/facts_version"), "judges are asked anew"
        assert line["path"] == "/header/general_contractor"
        assert (line["label"], line["before"], line["after"]) == (words, "甲", "乙")
        assert line["text"] == words + {"zh": "：甲 → 乙", "en": ": 甲 → 乙"}[language]


async def test_without_points_it_is_from_the_first_stage_to_now(pursuit: Pursuit) -> None:
    answer = done(await pursuit.world.auditor.get(f"{pursuit.path}/diff"))
    card = await pursuit.card()
    body = answer.json()
    assert (body["from"]["version"], body["to"]["version"]) == (2, card["version"])
    assert "cache-control" not in answer.headers
    kept = await pursuit.world.auditor.get(f"{pursuit.path}/diff", **{"to": card["version"]})
    assert kept.json()["patch"] == body["patch"]
    assert "immutable" in kept.headers["cache-control"]


async def test_a_point_that_is_none_is_refused_by_its_own_name(pursuit: Pursuit) -> None:
    for name in ("from", "to"):
        answer = await pursuit.world.auditor.get(f"{pursuit.path}/diff", **{name: "yesterday"})
        assert_problem(answer, 422, "validation_failed", f"?{name}")
    early = await pursuit.world.auditor.get(f"{pursuit.path}/diff", **{"from": "1"})
    assert_problem(early, 404, "not_found")
