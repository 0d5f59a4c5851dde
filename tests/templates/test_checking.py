"""A document is checked as a whole before it becomes a template: every mistake with its JSON Pointer."""

import copy
from typing import Any

import pytest

from genjin.templates.checking import MISTAKES_MAX, checked
from tests.templates.test_model import C1, CONDITION, WHOLE, changed, text, titled

FIELD = CONDITION | {"kind": "field"}
LOOP = WHOLE | {
    "kind": "loop",
    "period": {"every": "month"},
    "stages": [
        WHOLE["stages"][0],
        WHOLE["stages"][1] | {"exits": [{"to": "first"}]},
    ],
}


def pointers(document: dict[str, Any]) -> list[str]:
    return [mistake.pointer for mistake in checked(document)[1]]


def rules(document: dict[str, Any]) -> str:
    return "; ".join(mistake.rule for mistake in checked(document)[1])


def test_a_whole_template_comes_back_without_mistakes() -> None:
    template, found = checked(WHOLE)
    assert template is not None
    assert found == []


def test_a_loop_comes_back_to_its_first_stage() -> None:
    assert checked(LOOP)[1] == []


def test_an_engagement_may_be_one_stage_that_comes_back_to_itself() -> None:
    stage = WHOLE["stages"][0] | {"exits": [{"to": "first"}]}
    document = LOOP | {"kind": "engagement", "outcomes": [], "stages": [stage]}
    assert checked(document)[1] == []


def test_mistakes_of_shape_name_the_place_in_the_document() -> None:
    document = copy.deepcopy(WHOLE)
    document["stages"][0]["parts"][0]["conditions"][0]["colour"] = "red"
    del document["stages"][1]["title"]
    document["forms"]["note"]["signed_by"] = 7
    assert pointers(document) == [
        "/stages/0/parts/0/conditions/0/colour",
        "/stages/1/title",
        "/forms/note/signed_by",
    ]


def test_a_condition_that_lacks_its_form_names_the_form() -> None:
    assert pointers(changed(C1, CONDITION | {"kind": "form"})) == [
        "/stages/0/parts/0/conditions/0/form"
    ]


def test_mistakes_across_the_template_name_their_places_too() -> None:
    document = changed(("override_by",), ["nobody"]) | {"change_deciders": ["no_one"]}
    assert pointers(document) == ["/change_deciders", "/override_by"]


def test_a_blocker_that_no_gate_has_cannot_be_waived() -> None:
    document = copy.deepcopy(WHOLE)
    document["stages"][1]["waivable"] = ["actual_missing", "actual_mising"]
    assert pointers(document) == ["/stages/1/waivable"]
    assert rules(document) == "no blocker 'actual_mising'"


@pytest.mark.parametrize(
    ("expression", "rule"),
    [
        ("forms.note.", "Syntax error"),
        ("nothing == 1", "undeclared reference to 'nothing'"),
        ("1 + 1", "must be true or false"),
        ("today", "must be true or false"),
        ("value > 1.0", "undeclared reference to 'value'"),
        ("forms.memo.size() > 0", "reads forms.memo, which the template does not have"),
        ("has(roles.nobody)", "reads roles.nobody, which the template does not have"),
        ('forms["memo"].size() > 0', "reads forms.memo, which the template does not have"),
        ("header.colour == 'red'", "reads header.colour, which the template does not have"),
        ("metrics.sales.value > 1.0", "reads metrics.sales, which the template does not have"),
    ],
)
def test_an_expression_that_cannot_be_told_is_a_mistake(expression: str, rule: str) -> None:
    document = changed(C1, FIELD | {"expr": expression})
    assert pointers(document) == ["/stages/0/parts/0/conditions/0/expr"]
    assert rule in rules(document)


def test_a_text_in_an_expression_is_no_name() -> None:
    document = changed(C1, FIELD | {"expr": "header.name == 'forms.memo'"})
    assert checked(document)[1] == []


def test_an_expression_may_ask_something_of_all_of_a_kind() -> None:
    document = changed(C1, FIELD | {"expr": "milestones.all(key, milestones[key].due_on < today)"})
    assert checked(document)[1] == []


def test_expressions_of_exits_outcomes_and_skips_are_checked_too() -> None:
    document = copy.deepcopy(WHOLE)
    document["stages"][0]["exits"][0]["when"] = "a +"
    document["stages"][1]["skip"] = {"by": ["boss"], "when": "b +"}
    document["outcomes"][1]["when"] = "c +"
    assert pointers(document) == [
        "/outcomes/1/when",
        "/stages/0/exits/0/when",
        "/stages/1/skip/when",
    ]


def test_a_metric_s_expression_knows_its_value_and_target() -> None:
    sales = {"key": "sales", "title": text("sales"), "recorded_by": ["seller"]}
    condition = CONDITION | {"kind": "metric", "metric": "sales", "expr": "value >= target"}
    document = changed(C1, condition) | {"metrics": [sales]}
    assert checked(document)[1] == []


@pytest.mark.parametrize(
    ("schema", "pointer"),
    [
        ({"type": "thing"}, "/forms/note/schema/type"),
        ({"$schema": "https://json-schema.org/draft-07/schema"}, "/forms/note/schema/$schema"),
        ({"$ref": "https://example.org/x"}, "/forms/note/schema"),
        ({"properties": {"a": {"type": "thing"}}}, "/forms/note/schema/properties/a/type"),
    ],
)
def test_a_form_schema_that_cannot_be_used_is_a_mistake(
    schema: dict[str, Any], pointer: str
) -> None:
    assert pointers(changed(("forms", "note", "schema"), schema)) == [pointer]


def test_there_is_a_limit_to_the_mistakes_that_are_named() -> None:
    document = WHOLE | {"outcomes": [{"nonsense": number} for number in range(MISTAKES_MAX)]}
    assert len(checked(document)[1]) == MISTAKES_MAX


def test_a_kind_that_nobody_knows_is_refused_in_its_place() -> None:
    assert pointers(changed(C1, CONDITION | {"kind": "magic"})) == [
        "/stages/0/parts/0/conditions/0"
    ]
    assert pointers(WHOLE | {"kind": "magic"}) == ["/kind"]


def test_verdicts_are_those_that_the_gate_understands() -> None:
    assert pointers(changed(("judgement", "verdicts"), titled("advance", "hold", "maybe"))) == [
        "/judgement/verdicts"
    ]


def test_a_field_that_reports_count_by_has_the_same_format_in_every_template() -> None:
    amount = {"key": "expected_amount", "title": text("amount"), "max_length": 20}
    currency = {"key": "currency", "title": text("currency"), "max_length": 3}
    document = WHOLE | {"header": [amount, currency]}
    assert pointers(document) == ["/header/0/format", "/header/1/format"]
    assert "has the format money in every template, not text" in rules(document)
    right = [amount | {"format": "money"}, currency | {"format": "currency"}]
    assert pointers(WHOLE | {"header": right}) == []
