"""What is wrong with a form's values: every problem with its place, its rule and words in both languages."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.documents.links import Link, link_of, links_in
from genjin.subjects.sealed_values import value_at
from genjin.templates.catalog import shipped, shipped_hash
from genjin.templates.model import FormSpec
from genjin_api.forms.report import without
from genjin_api.forms.validation import PROBLEMS_MAX, Checked, FormProblem, blocking, problems
from tests.forms.inspection import SPEC
from tests.forms.values import valid_values

INSPECTION = FormSpec.model_validate(SPEC)
IDS = st.uuids().map(str)
LINKS = st.builds(Link, IDS, st.binary(min_size=32, max_size=32).map(bytes.hex))
REPORT = str(Link("019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e11", "ab" * 32))


def found(values: dict[str, Any], language: str = "zh", **more: Any) -> list[FormProblem]:
    return list(problems(Checked("hash", "inspection", INSPECTION, values, {}, **more), language))


PROBLEMS: list[tuple[dict[str, Any], tuple[str, str, str, str], str]] = [
    ({}, ("/values/report", "required", "检查报告", "必须填写"), "must be filled in"),
    ({"x": 1}, ("/values/x", "unknown_field", "x", "表单没有此项"), "the form has no such field"),
    ({"score": 11}, ("/values/score", "too_large", "得分", "不得大于10"), "is 10 at most"),
    ({"score": "A"}, ("/values/score", "wrong_type", "得分", "应为整数"), "must be a whole number"),
    (
        {"visited_on": "周一"},
        ("/values/visited_on", "wrong_format", "检查日期", "应为日期，如 2026-03-16"),
        "must be a date, as 2026-03-16",
    ),
    (
        {"remark": "好" * 21},
        ("/values/remark", "too_long", "备注", "最多20个字"),
        "has 20 characters at most",
    ),
    (
        {"findings": [{"severity": "low"}, {"severity": "bad"}]},
        (
            "/values/findings/1/severity",
            "not_a_choice",
            "问题 2 · 严重程度",
            "须为以下之一：轻、重",
        ),
        "must be one of: low, high",
    ),
    (
        {"report": REPORT},
        ("/values/report", "document_unknown", "检查报告", "项目没有此文件"),
        "the project has no such document",
    ),
    ({"remark": "  "}, ("/values/remark", "blank", "备注", "只有空白"), "is blank"),
    ({}, ("/values/next_step", "recommended", "下一步", "建议填写"), "should be filled in"),
]


def test_a_problem_says_its_place_its_rule_and_what_is_asked_for_in_the_reader_s_language() -> None:
    for values, expected, english in PROBLEMS:
        told = {(one.pointer, one.rule, one.title, one.text) for one in found(values)}
        assert expected in told, values
        texts = {(one.pointer, one.rule): one.text for one in found(values, "en")}
        assert texts[expected[:2]] == english


def test_a_hint_keeps_nobody_from_signing() -> None:
    hints = {one.rule for one in found({"remark": " "}) if one.severity == "hint"}
    checked = Checked("hash", "inspection", INSPECTION, {"remark": " "}, {})
    assert hints == {"blank", "recommended"}
    assert not hints & {one.rule for one in blocking(checked, "zh")}


def test_of_what_is_hidden_nothing_is_said() -> None:
    values = {"findings": [{"severity": None}], "score": None}
    hidden = ["/findings/0/severity", "/score"]
    told = {one.pointer for one in found(values, hidden=hidden)}
    assert told == {"/values/report", "/values/visited_on", "/values/next_step"}


@pytest.mark.parametrize(("template", "version"), shipped())
@given(st.data())
def test_the_words_of_problems_never_repeat_a_value(
    template: str, version: int, data: st.DataObject
) -> None:
    """A value may be personal, and problems are kept where values are sealed."""
    known = shipped()[template, version].forms
    form = data.draw(st.sampled_from(sorted(known)))
    values = valid_values(known[form].json_schema)
    spoiled = data.draw(st.sampled_from(sorted(values)))
    values[spoiled] = data.draw(
        st.sampled_from([["王芳的秘密"], "王芳的秘密" * 900, {"王": "王芳的秘密"}])
    )
    checked = Checked(shipped_hash(template, version), form, known[form], values, {})
    for language in ("zh", "en"):
        told = blocking(checked, language)
        assert all("秘密" not in one.text + one.title for one in told)
        assert all(one.pointer.startswith(f"/values/{spoiled}") for one in told)


def test_a_report_that_was_kept_is_shown_without_what_its_reader_may_not_see() -> None:
    one = {"pointer": "/values/people/0/name"}
    document = {
        "problems": [one, {"pointer": "/values/peoples"}],
        "missing": [one, {"pointer": None}],
        "unchecked": [],
    }
    assert without(document, ["/people"]) == {
        "problems": [{"pointer": "/values/peoples"}],
        "missing": [{"pointer": None}],
        "unchecked": ["/values/people"],
    }


def test_problems_are_bounded() -> None:
    values = {"findings": [{"severity": "bad"}] * 200}
    assert (
        len(blocking(Checked("hash", "inspection", INSPECTION, values, {}), "zh")) == PROBLEMS_MAX
    )


@given(LINKS)
def test_a_link_is_read_as_it_is_written(link: Link) -> None:
    assert link_of(str(link)) == link
    for other in (str(link).upper(), f"{link} ", str(link)[:-1], f"x{link}"):
        assert link_of(other) is None


@given(
    st.recursive(
        LINKS.map(str) | st.text(), lambda some: st.lists(some) | st.dictionaries(st.text(), some)
    )
)
def test_links_are_found_where_they_stand(value: Any) -> None:
    for place, link in links_in(value):
        assert value_at(value, place) == str(link)
