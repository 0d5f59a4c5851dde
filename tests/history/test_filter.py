"""A filter on one event: what each field of the event answers to."""

from typing import Any

import pytest

from genjin.history.filter import EventFilter
from genjin.history.phrase import parse_phrase

PROJECT = "0198f3a0-0000-7000-8000-00000000000a"
PERSON = "0198f3a0-0000-7000-8000-000000000001"
RISK = "0198f3a0-0000-7000-8000-00000000000c"

EVENT: dict[str, Any] = {
    "id": "0198f3a0-0000-7000-8000-0000000000ee",
    "position": 12,
    "stream": f"project-{PROJECT}",
    "version": 4,
    "type": "risk.assessed",
    "schema_version": 1,
    "occurred_at": "2026-01-31T23:59:59.999999Z",
    "recorded_at": "2026-02-01T00:00:00.000000Z",
    "actor": {"type": "person", "id": PERSON, "name": "王芳", "role": "marketer"},
    "request_id": "request-1",
    "correlation_id": "import-7",
    "causation_id": None,
    "data": {"risk_id": RISK, "score": 12, "form": "visit_report", "stages": ["s3", "s4"]},
    "changes": [
        {"path": f"/risks/{RISK}/score", "before": None, "after": 12},
        {"path": "/header/region", "before": "滨海", "after": "滨海 新区"},
        {"path": "/header/tags", "before": ["a"], "after": True},
    ],
}


def holds(phrase: str, event: dict[str, Any] = EVENT) -> bool:
    asked = parse_phrase(phrase)
    assert isinstance(asked, EventFilter), asked
    return asked.matches(event)


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        f"actor:{PERSON}",
        "actor_type:person",
        "role:marketer,dept_head",
        "type:*",
        "type:risk.*",
        "type:form.*,risk.assessed",
        "stage:s3",
        f"project:{PROJECT}",
        f"stream:project-{PROJECT}",
        f"subject:{RISK}",
        "subject:visit_report",
        f"subject:{PROJECT}",
        "path:/header/region",
        "path:/header/*",
        "path:/*",
        f"path:/risks/{RISK}/*",
        "before:null",
        'before:"[\\"a\\"]"',
        "after:true",
        "after:12",
        'after:"滨海 新区"',
        "recorded:2026-02-01",
        "recorded:2026-02-01..",
        "recorded:..2026-02-01T08:00:00.000001+08:00",
        "occurred:2026-01-31",
        "request_id:request-1",
        "correlation_id:import-7",
        f"id:{EVENT['id']}",
        "position:12",
        "position:..13",
        "-causation_id:request-1",
    ],
)
def test_what_the_event_says_is_found_and_its_negation_is_not(phrase: str) -> None:
    assert holds(phrase)
    if phrase:
        assert not holds(phrase.removeprefix("-") if phrase[0] == "-" else f"-{phrase}")


@pytest.mark.parametrize(
    "phrase",
    [
        f"actor:{RISK}",
        "actor_type:system",
        "role:dept_head",
        "type:risk.assess",
        "type:form.*",
        "stage:s5",
        f"project:{RISK}",
        f"subject:{PERSON}",
        "path:/header",
        "path:/head/*",
        "path:/header/region/*",
        "before:12",
        "after:滨海",
        "recorded:..2026-02-01",
        "occurred:2026-02-01..",
        "causation_id:request-1",
        "position:..12",
        "position:13..",
        "role:marketer role:dept_head",
    ],
)
def test_what_the_event_does_not_say_is_not_found(phrase: str) -> None:
    assert not holds(phrase)


def test_path_before_and_after_hold_for_one_change() -> None:
    assert holds('path:/header/region before:滨海 after:"滨海 新区"')
    assert not holds("path:/header/region before:null")
    assert not holds("before:滨海 after:true")


def test_a_negated_value_judges_the_change_that_the_path_names() -> None:
    assert holds("path:/header/region -before:null")
    assert not holds(f"path:/risks/{RISK}/score -before:null")


def test_negated_terms_of_changes_alone_hold_where_no_change_has_what_they_name() -> None:
    assert holds("-path:/header/name")
    assert not holds("-path:/header/name -after:12")
    assert holds("-path:/*", EVENT | {"changes": []})


def test_an_event_without_a_role_has_none() -> None:
    event = EVENT | {"actor": EVENT["actor"] | {"role": None}}
    assert not holds("role:marketer", event)
    assert holds("-role:marketer", event)


def test_a_move_is_an_event_of_both_stages() -> None:
    event = EVENT | {"data": {"stage": "s1", "to_stage": "s2", "from_stage": None}}
    assert holds("stage:s1", event)
    assert holds("stage:s2", event)
    assert not holds("stage:null", event)
