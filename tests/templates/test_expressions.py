"""Expressions tell true from false of a project's values, and nothing that they hold can hang or break the gate."""

from typing import Any

import pytest

from genjin.templates.expressions import VARIABLES, holds

NOTHING: dict[str, Any] = {
    name: [] if name in ("risks", "changes", "findings", "stakeholders") else {}
    for name in VARIABLES
} | {"today": "2026-11-22"}


def told(expression: str, **values: Any) -> tuple[bool, str]:
    return holds(expression, NOTHING | values)


@pytest.mark.parametrize(
    ("expression", "values"),
    [
        ("double(header.amount) > 1000000.0", {"header": {"amount": "1250000.00"}}),
        ("has(roles.pm)", {"roles": {"pm": 1}}),
        (
            "forms.note.exists(f, f.values.next != '')",
            {"forms": {"note": [{"values": {"next": "call"}}]}},
        ),
        (
            "risks.all(r, r.status == 'closed' || r.score < 9)",
            {"risks": [{"status": "open", "score": 4}]},
        ),
        ("today < '2027-01-01'", {}),
        ("size('跟进') == 2", {}),
        ("project.age_days >= 365", {"project": {"age_days": 400}}),
    ],
)
def test_what_is_true_holds(expression: str, values: dict[str, Any]) -> None:
    assert told(expression, **values) == (True, "")


def test_what_is_false_does_not_hold_and_needs_no_reason() -> None:
    assert told("has(roles.pm)") == (False, "")


@pytest.mark.parametrize(
    ("expression", "reason"),
    [
        ("header.amount == '1'", 'Key not found in map : "amount"'),
        ("double(header.name) > 1.0", "cannot convert string to double"),
        ("header.name", "abc"),
    ],
)
def test_what_cannot_be_told_does_not_hold_and_says_why(expression: str, reason: str) -> None:
    held, why = told(expression, header={"name": "abc"})
    assert not held
    assert reason in why


def test_a_metric_is_asked_by_its_value_and_target() -> None:
    values = NOTHING | {"value": 0.9, "target": 0.8}
    assert holds("value >= target", values, of_a_metric=True) == (True, "")


@pytest.mark.parametrize(
    "expression",
    [
        "risks.all(a, risks.all(b, risks.all(c, risks.all(d, a + b + c + d >= 0))))",
        "!" * 998 + "!x",
        "(" * 490 + "true" + ")" * 490,
    ],
)
def test_an_expression_that_would_take_too_long_or_too_deep_is_given_up(expression: str) -> None:
    held, why = told(expression, risks=list(range(200)))
    assert not held
    assert why


def test_a_pattern_that_would_run_away_elsewhere_ends() -> None:
    assert told("header.name.matches('(a+)+$')", header={"name": "a" * 4000 + "b"}) == (False, "")
