"""A template that does not hold together is refused, and the refusal names the place."""

import copy
from typing import Any

import pytest
from pydantic import ValidationError

from genjin.templates.checking import checked
from genjin.templates.model import Template


def text(words: str) -> dict[str, str]:
    return {"zh": words, "en": words}


def titled(*keys: str) -> list[dict[str, Any]]:
    return [{"key": key, "title": text(key)} for key in keys]


def levels(*values: int) -> list[dict[str, Any]]:
    return [{"value": value, "title": text(str(value))} for value in values]


def band(key: str, low: int, high: int) -> dict[str, Any]:
    return {"key": key, "title": text(key), "min": low, "max": high}


def stage(key: str, to: str | None = None, **more: Any) -> dict[str, Any]:
    part = {
        "key": "main",
        "title": text("main"),
        "success": text("done"),
        "conditions": [{"key": "c1", "text": text("met")}],
    }
    exits = [{"to": to}] if to else []
    return {
        "key": key,
        "title": text(key),
        "parts": [part],
        "actual_by": ["seller"],
        "exits": exits,
    } | more


WHOLE: dict[str, Any] = {
    "key": "tiny.2",
    "version": 1,
    "kind": "stage_gate",
    "title": text("tiny"),
    "source": {"document": "none", "lines": "1-2"},
    "header": [{"key": "name", "title": text("name"), "max_length": 20}],
    "roles": titled("seller", "boss"),
    "exclusive_roles": [["seller", "boss"]],
    "judgement": {
        "roles": ["boss"],
        "verdicts": titled("advance", "hold"),
        "comment_on": ["hold"],
    },
    "risk": {
        "probability": levels(1, 2),
        "impact": levels(1, 2, 3),
        "bands": [band("low", 1, 3), band("high", 4, 6)],
        "limit": 4,
        "categories": titled("technical"),
        "strategies": titled("avoid"),
    },
    "outcomes": titled("won", "lost"),
    "change_deciders": ["boss"],
    "override_by": ["boss"],
    "stages": [stage("first", "second", forms=["note"]), stage("second")],
    "forms": {"note": {"title": text("note"), "signed_by": ["boss"], "schema": {"type": "object"}}},
}

Path = tuple[str | int, ...]
FIRST: Path = ("stages", 0)
PART: Path = (*FIRST, "parts", 0)
C1: Path = (*PART, "conditions", 0)
BANDS: Path = ("risk", "bands")
RULE = {"roles": ["nobody"], "verdicts": titled("advance")}
CONDITION = {"key": "c1", "text": text("again")}
FORM_CONDITION = CONDITION | {"kind": "form"}

APPROVAL = {"kind": "approval", "by": ["boss"]}
RISK = {"kind": "risk", "assessed": True}
METRIC = {"kind": "metric", "metric": "sales", "expr": "value > 1.0"}
QUORUM = WHOLE["judgement"] | {"mode": "quorum"}
SALES = {"key": "sales", "title": text("sales"), "recorded_by": ["seller"]}
DAILY = {"key": "daily", "title": text("daily"), "every": "day", "by": ["seller"]}
FINDINGS = {
    "severities": titled("minor"),
    "raised_by": ["boss"],
    "corrected_by": ["seller"],
    "closed_by": ["boss"],
}

MISTAKES: list[tuple[Path, Any, str]] = [
    (("header",), WHOLE["header"] * 2, "header: 'name' stands 2 times"),
    (("roles",), titled("seller", "boss", "boss"), "roles: 'boss' stands 2 times"),
    (("exclusive_roles", 0), ["seller", "nobody"], "/exclusive_roles/0: no role 'nobody'"),
    (
        ("header", 0, "under_change_control_from"),
        "nowhere",
        "/header/0/under_change_control_from: no stage 'nowhere'",
    ),
    (
        ("forms", "note", "under_change_control_from"),
        "nowhere",
        "/forms/note/under_change_control_from: no stage 'nowhere'",
    ),
    (("change_deciders",), ["nobody"], "change_deciders: no role 'nobody'"),
    (("roles", 0, "appointed_by"), ["nobody"], "/roles/0/appointed_by: no role 'nobody'"),
    (("override_by",), ["nobody"], "override_by: no role 'nobody'"),
    (("override_by",), ["boss", "boss"], "override_by: 'boss' stands 2 times"),
    (("judgement", "roles"), ["nobody"], "/judgement/roles: no role 'nobody'"),
    (("judgement", "verdicts"), titled("hold"), "/judgement/verdicts: no verdict 'advance'"),
    (("judgement", "comment_on"), ["stop"], "/judgement/comment_on: no verdict 'stop'"),
    (("outcomes",), titled("won", "won"), "outcomes: 'won' stands 2 times"),
    (("outcomes", 1, "reasons"), titled("a", "a"), "/outcomes/1/reasons: 'a' stands 2 times"),
    (("risk", "impact"), levels(1, 2, 2, 3), "/risk/impact: '2' stands 2 times"),
    (("risk", "categories"), titled("a", "a"), "/risk/categories: 'a' stands 2 times"),
    (("risk", "strategies"), titled("a", "a"), "/risk/strategies: 'a' stands 2 times"),
    (("risk", "limit"), 7, "/risk/limit: 7 is outside the scale, 1 to 6"),
    (BANDS, [band("low", 1, 2), band("high", 4, 6)], "/risk/bands/1: 'high' must begin at 3"),
    (BANDS, [band("low", 1, 4), band("high", 4, 6)], "/risk/bands/1: 'high' must begin at 5"),
    (BANDS, [band("low", 2, 6)], "/risk/bands/0: 'low' must begin at 1"),
    (BANDS, [band("low", 1, 5)], "/risk/bands: end at 5, the scale ends at 6"),
    (BANDS, [band("low", 1, 3), band("low", 4, 6)], "/risk/bands: 'low' stands 2 times"),
    (("stages", 1, "key"), "first", "stages: 'first' stands 2 times"),
    ((*FIRST, "actual_by"), ["nobody"], "/stages/0/actual_by: no role 'nobody'"),
    ((*FIRST, "follow_up_by"), ["nobody"], "/stages/0/follow_up_by: no role 'nobody'"),
    ((*FIRST, "judgement"), RULE, "/stages/0/judgement/roles: no role 'nobody'"),
    ((*FIRST, "forms"), ["memo"], "/stages/0/forms: no form 'memo'"),
    ((*FIRST, "forms"), ["note", "note"], "/stages/0/forms: 'note' stands 2 times"),
    ((*FIRST, "exits"), [{"to": "third"}], "/stages/0/exits: no other stage 'third'"),
    ((*FIRST, "exits"), [{"to": "first"}], "/stages/0/exits: no other stage 'first'"),
    ((*PART, "conditions"), [CONDITION] * 2, "/stages/0/parts: 'c1' stands 2 times"),
    ((*FIRST, "parts"), [stage("x")["parts"][0]] * 2, "/stages/0/parts: 'main' stands 2 times"),
    (
        C1,
        FORM_CONDITION | {"form": "memo"},
        "/stages/0/parts/0/conditions/0/form: form 'memo' is not attached",
    ),
    (C1, CONDITION | {"kind": "magic"}, "kind must be manual, form, field"),
    (C1, CONDITION | {"by": ["nobody"]}, "/conditions/0/by: no role 'nobody'"),
    (C1, CONDITION | APPROVAL | {"by": ["nobody"]}, "/conditions/0/by: no role 'nobody'"),
    (C1, CONDITION | APPROVAL | {"form": "memo"}, "/conditions/0/form: no form 'memo'"),
    (C1, CONDITION | {"kind": "milestone", "milestone": "m"}, "/milestone: no milestone 'm'"),
    (C1, CONDITION | {"kind": "risk"}, "/conditions/0: asks for nothing"),
    (C1, CONDITION | RISK | {"categories": ["x"]}, "/categories: no risk category 'x'"),
    (C1, CONDITION | {"kind": "finding"}, "/conditions/0: the template has no findings"),
    (C1, CONDITION | METRIC, "/conditions/0/metric: no metric 'sales'"),
    (C1, CONDITION | {"kind": "document", "document": "d"}, "/document: no document 'd'"),
    (("judgement", "mode"), "quorum", "/judgement/quorum: belongs to mode quorum"),
    (("judgement", "quorum"), 1, "/judgement/quorum: belongs to mode quorum"),
    (("judgement",), QUORUM | {"quorum": 2}, "/judgement/quorum: 2 is more than the 1 roles"),
    (("judgement", "mode"), "decisive", "/judgement/decisive: belongs to mode decisive"),
    (("judgement", "verdicts"), titled("advance", "go"), "/judgement/verdicts: 'go' is none of"),
    (("outcomes",), [], "/outcomes: a stage_gate ends with an outcome"),
    (("outcomes", 0, "at"), ["second"], "/outcomes/0/at: belongs to final_gate_only"),
    (("outcomes", 0, "by"), ["nobody"], "/outcomes/0/by: no role 'nobody'"),
    (("never_both",), [["boss", "nobody"]], "/never_both/0: no role 'nobody'"),
    (("period",), {"every": "month"}, "/period: a stage_gate has no period"),
    (("kind",), "loop", "/period: kind loop needs one"),
    (("kind",), "engagement", "/outcomes: an engagement has no end"),
    (("kind",), "loop", "/stages: no stage leads back to 'first'"),
    (("kind",), "loop", "/stages/1/exits: must lead back to 'first'"),
    ((*FIRST, "exits"), [], "/stages/1: 'second' is reached from no stage"),
    (("stages", 1, "exits"), [{"to": "first"}], "/stages/0/exits: 'first' leads back to itself"),
    (("stages", 1, "return_to"), ["second"], "/stages/1/return_to: no earlier stage 'second'"),
    (("stages", 1, "skip"), {"by": ["nobody"]}, "/stages/1/skip/by: no role 'nobody'"),
    (("metrics",), [SALES, SALES], "/metrics: 'sales' stands 2 times"),
    (("metrics",), [SALES | {"recorded_by": ["x"]}], "/metrics/0/recorded_by: no role 'x'"),
    (("authority",), [{"role": "seller"}], "/authority: no role among change_deciders 'seller'"),
    (("silence",), {"days": 9, "forms": ["memo"]}, "/silence/forms: no form 'memo'"),
    (("cadences",), [DAILY | {"by": ["x"]}], "/cadences/0/by: no role 'x'"),
    (("cadences",), [DAILY | {"stages": ["x"]}], "/cadences/0/stages: no stage 'x'"),
    (("cadences",), [DAILY | {"form": "note"}], "/cadences/0/form: form 'note' is due again"),
    (("findings",), FINDINGS | {"closed_by": ["x"]}, "/findings/closed_by: no role 'x'"),
    (("forms", "note", "signed_by"), ["nobody"], "/forms/note/signed_by: no role 'nobody'"),
]


def changed(path: Path, value: Any) -> dict[str, Any]:
    body = copy.deepcopy(WHOLE)
    at: Any = body
    for step in path[:-1]:
        at = at[step]
    at[path[-1]] = value
    return body


def test_a_template_that_holds_together_is_taken() -> None:
    Template.model_validate(WHOLE)


@pytest.mark.parametrize(("path", "value", "refusal"), MISTAKES)
def test_a_mistake_is_refused_with_its_place(path: Path, value: Any, refusal: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Template.model_validate(changed(path, value))
    assert refusal in str(refused.value)


def test_all_mistakes_are_named_at_once() -> None:
    body = changed(("override_by",), ["nobody"]) | {"change_deciders": ["no_one"]}
    with pytest.raises(ValidationError) as refused:
        Template.model_validate(body)
    assert "override_by: no role 'nobody'" in str(refused.value)
    assert "change_deciders: no role 'no_one'" in str(refused.value)


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (("colour",), "colour"),
        ((*FIRST, "colour"), "stages.0.colour"),
        ((*C1, "colour"), "stages.0.parts.0.conditions.0.kind manual.colour"),
        (("forms", "note", "colour"), "forms.note.colour"),
    ],
)
def test_a_word_that_the_language_does_not_have_is_refused(path: Path, place: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Template.model_validate(changed(path, "red"))
    assert place in str(refused.value)


@pytest.mark.parametrize("key", ["", "C1", "1c", "c-1", "c 1", "阶段"])
def test_a_key_is_lower_case_english(key: str) -> None:
    with pytest.raises(ValidationError):
        Template.model_validate(changed((*C1, "key"), key))


def test_a_text_needs_both_languages() -> None:
    for missing in ({"zh": "名"}, {"en": "name"}, {"zh": " ", "en": "name"}):
        with pytest.raises(ValidationError):
            Template.model_validate(changed(("title",), missing))


def test_a_template_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        Template.model_validate(WHOLE).version = 2  # type: ignore[misc]


def test_a_template_answers_by_key() -> None:
    tiny = Template.model_validate(WHOLE)
    assert tiny.stage_index("second") == 1
    assert tiny.stage("second").key == "second"
    assert tiny.next_stage("first") == tiny.stage("second")
    assert tiny.next_stage("second") is None
    assert tiny.condition("first", "c1").text.en == "met"


def test_a_name_that_the_template_does_not_have_is_a_key_error_that_says_so() -> None:
    tiny = Template.model_validate(WHOLE)
    with pytest.raises(KeyError, match=r"tiny\.2: no stage 'third'"):
        tiny.stage("third")
    with pytest.raises(KeyError, match=r"tiny\.2: no condition 'c9' in stage 'first'"):
        tiny.condition("first", "c9")


def test_a_stage_is_judged_by_its_own_rule_or_else_by_the_template_s() -> None:
    own = {"roles": ["seller"], "verdicts": titled("advance")}
    tiny = Template.model_validate(changed((*FIRST, "judgement"), own))
    assert tiny.judgement_of("first").roles == ("seller",)
    assert tiny.judgement_of("second").roles == ("boss",)


@pytest.mark.parametrize(("score", "key"), [(1, "low"), (3, "low"), (4, "high"), (6, "high")])
def test_a_score_falls_into_one_band(score: int, key: str) -> None:
    assert Template.model_validate(WHOLE).band(score).key == key


@pytest.mark.parametrize("score", [0, 7])
def test_a_score_off_the_scale_has_no_band(score: int) -> None:
    with pytest.raises(ValueError, match=r"tiny\.2: no risk band holds the score"):
        Template.model_validate(WHOLE).band(score)


def in_stages(kind: str, **ways: list[str]) -> dict[str, Any]:
    """The whole template, with stages that lead on so."""
    stages = [
        {**stage(key), "exits": [{"to": to} for to in targets]} for key, targets in ways.items()
    ]
    period = {} if kind == "stage_gate" else {"period": {"every": "month"}}
    return {**WHOLE, "kind": kind, "stages": stages, **period}


def test_a_loop_that_is_published_leads_back_to_its_first_stage_from_everywhere() -> None:
    lost = in_stages("loop", a=["b", "c"], b=["a"], c=["c"])
    assert told_before_publishing(lost) == ["/stages/2/exits: 'c' never leads back to 'a'"]
    assert told_before_publishing(in_stages("loop", a=["b", "c"], b=["a"], c=["c", "b"])) == []


def test_the_stages_of_a_stage_gate_that_is_published_stand_in_the_order_of_its_ways() -> None:
    """Else a return to an earlier one would lead past the gates between."""
    [told] = told_before_publishing(in_stages("stage_gate", a=["c"], b=[], c=["b"]))
    assert told.startswith("/stages/2/exits: 'c' leads on to 'b'")
    assert told_before_publishing(in_stages("stage_gate", a=["c", "b"], b=["c"], c=[])) == []


def told_before_publishing(body: dict[str, Any]) -> list[str]:
    """What has been published before it was asked can still be read: the model itself takes it."""
    Template.model_validate(body)
    return [f"{one.pointer}: {one.rule}" for one in checked(body)[1] if "lead" in one.rule]
