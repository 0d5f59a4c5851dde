"""The shipped pursuit.8 against the printed form that it was taken from, word for word."""

import re
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from genjin.templates.catalog import body_hash, latest, shipped, template
from genjin.templates.form_schemas import compiled
from genjin.templates.model import Stage, Template
from tests.forms.values import valid_values

PURSUIT = template("pursuit.8", 1)
PRINTED = (Path(__file__).parent / "sources" / "pursuit.8.txt").read_text(encoding="utf-8")
CORRECTED = {"强化客户关系计划表(上门拜访)": "强化客户关系计划表(上门拜访"}
JUDGES = ("marketer", "dept_head", "sales_manager", "general_manager")

STAGE = re.compile(r"^[一二三四五六七八]、(.+)$")
SECTION = re.compile(r"^[0-9]、(.+)$")
PART = re.compile(r"^(.+?)(的成功标准|要符合的条件|的符合条件)[:;]$")
ROLE = re.compile(r"^(营销人员|部门主管|销售经理|总经理)[:;]。?$")
CONDITION = re.compile(r"\([0-9]\)")


@dataclass
class PrintedPart:
    success: str = ""
    conditions: list[str] = field(default_factory=list)


@dataclass
class PrintedStage:
    title: str
    parts: dict[str, PrintedPart] = field(default_factory=dict)
    forms: str = ""


def read_form(text: str) -> list[PrintedStage]:
    """The printed form by stage and part. What follows the last role of a stage are its forms."""
    stages: list[PrintedStage] = []
    section = role_seen = ""
    for line in text.splitlines():
        if match := STAGE.match(line):
            stages.append(PrintedStage(match[1]))
            section = role_seen = ""
        elif match := SECTION.match(line):
            section, role_seen = match[1], ""
        elif ROLE.match(line):
            role_seen = line
        elif role_seen:
            stages[-1].forms += line
        elif stages and (match := PART.match(section)):
            part = stages[-1].parts.setdefault(match[1], PrintedPart())
            if match[2] == "的成功标准":
                part.success += line
            else:
                found = CONDITION.split(line)[1:]
                part.conditions.extend(words.rstrip(";。") for words in found)
    return stages


SOURCE = read_form(PRINTED)
STAGES = [pytest.param(*pair, id=pair[0].key) for pair in zip(PURSUIT.stages, SOURCE, strict=True)]
each_stage = pytest.mark.parametrize(("stage", "printed"), STAGES)


def unspaced(words: str) -> str:
    return re.sub(r"\s", "", words)


def test_the_reader_of_the_source_finds_eight_stages_nine_parts_and_thirty_eight_conditions() -> (
    None
):
    parts = [part for stage in SOURCE for part in stage.parts.values()]
    assert len(SOURCE) == 8
    assert len(parts) == 9
    assert sum(len(part.conditions) for part in parts) == len(CONDITION.findall(PRINTED)) == 38


@each_stage
def test_a_stage_has_its_printed_title_and_parts_in_order(
    stage: Stage, printed: PrintedStage
) -> None:
    assert stage.title.zh == printed.title
    assert [part.title.zh for part in stage.parts] == list(printed.parts)


@each_stage
def test_every_success_criterion_has_the_words_of_the_source(
    stage: Stage, printed: PrintedStage
) -> None:
    for part, source in zip(stage.parts, printed.parts.values(), strict=True):
        assert unspaced(part.success.zh) == unspaced(source.success)


@each_stage
def test_the_conditions_are_the_numbered_ones_of_the_source_in_words_and_order(
    stage: Stage, printed: PrintedStage
) -> None:
    for part, source in zip(stage.parts, printed.parts.values(), strict=True):
        ours = [unspaced(condition.text.zh) for condition in part.conditions]
        assert ours == [unspaced(words) for words in source.conditions]


@each_stage
def test_condition_keys_count_within_the_part(stage: Stage, printed: PrintedStage) -> None:
    for part in stage.parts:
        prefix = "" if part.key == "main" else f"{part.key}_"
        keys = [condition.key for condition in part.conditions]
        assert keys == [f"{prefix}c{number}" for number in range(1, len(keys) + 1)]


@each_stage
def test_the_form_titles_of_a_stage_make_up_exactly_what_is_printed_under_it(
    stage: Stage, printed: PrintedStage
) -> None:
    titles = [PURSUIT.forms[key].title.zh for key in stage.forms]
    assert "".join(CORRECTED.get(title, title) for title in titles) == printed.forms


def test_each_of_the_eighteen_forms_is_attached_to_one_stage() -> None:
    attached = [key for stage in PURSUIT.stages for key in stage.forms]
    assert attached == list(PURSUIT.forms)
    assert len(attached) == 18
    assert all(form.required for form in PURSUIT.forms.values())


def test_the_printed_head_of_the_form_is_the_header_except_for_the_project_code() -> None:
    head = PRINTED[: PRINTED.index("一、")].splitlines()[1:]
    labels = [label for line in head for label in re.split("_+", line) if label]
    printed = [field.title.zh for field in PURSUIT.header[:5]]
    assert sorted([*printed, "项目代号"]) == sorted(labels)


def test_the_four_printed_roles_judge_and_follow_up_every_stage_and_marketers_write_the_facts() -> (
    None
):
    assert "、".join(role.title.zh for role in PURSUIT.roles) in PRINTED
    for stage in PURSUIT.stages:
        assert PURSUIT.judgement_of(stage.key).roles == stage.follow_up_by == JUDGES
        assert stage.actual_by == ("marketer",)


def test_nobody_fills_two_slots_of_a_gate() -> None:
    assert PURSUIT.exclusive_roles == (JUDGES,)


def test_anything_but_advance_needs_a_comment() -> None:
    verdicts = {verdict.key for verdict in PURSUIT.judgement.verdicts}
    assert verdicts - set(PURSUIT.judgement.comment_on) == {"advance"}


def test_each_stage_leads_to_the_next_and_signing_is_the_final_gate() -> None:
    for stage, following in zip(PURSUIT.stages, [*PURSUIT.stages[1:], None], strict=True):
        assert PURSUIT.next_stage(stage.key) == following


def test_the_forms_on_persons_at_the_customer_are_restricted() -> None:
    open_forms = {key for key, form in PURSUIT.forms.items() if not form.restricted}
    assert open_forms == {
        "initiation_application",
        "customer_profile",
        "proposal_statement",
        "factor_analysis",
        "purchase_criteria",
        "negotiation_plan",
    }


@pytest.mark.parametrize(
    ("amount", "fits"),
    [("0", True), ("1200000.50", True), ("-1", False), ("01", False), ("1e6", False), ("", False)],
)
def test_money_in_a_form_is_a_decimal_string(amount: str, fits: bool) -> None:
    form = PURSUIT.forms["initiation_application"]
    record = valid_values(form.json_schema) | {"expected_amount": amount}
    assert compiled(form).is_valid(record) is fits


def test_a_day_that_is_not_in_the_calendar_is_refused() -> None:
    form = PURSUIT.forms["visit_report"]
    record = valid_values(form.json_schema) | {"visited_on": "2023-02-29"}
    assert not compiled(form).is_valid(record)


def test_the_catalog_finds_the_template_by_key_and_version_and_says_what_it_does_not_have() -> None:
    assert shipped()["pursuit.8", 1] is latest("pursuit.8") is PURSUIT
    with pytest.raises(KeyError):
        template("pursuit.8", 2)
    with pytest.raises(KeyError, match=r"pursuit\.9"):
        latest("pursuit.9")


def test_the_hash_survives_a_trip_through_json_and_changes_with_the_body() -> None:
    again = Template.model_validate_json(PURSUIT.model_dump_json())
    assert again == PURSUIT
    assert body_hash(again) == body_hash(PURSUIT)
    assert body_hash(PURSUIT.model_copy(update={"override_by": ()})) != body_hash(PURSUIT)
