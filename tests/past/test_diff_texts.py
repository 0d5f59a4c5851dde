"""The lines of a diff as a reader has them before them, in Chinese and in English."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from genjin.changes.events import Impact
from genjin.corrections.events import ReceiptReference
from genjin.requirements.events import Priority
from genjin_api import field_changes as changes
from genjin_api.accounts.state import ProjectAccount
from genjin_api.changes.state import ChangeRequest
from genjin_api.corrections.basis import CorrectedBasis
from genjin_api.corrections.state import EntryCorrection
from genjin_api.documents.state import Document
from genjin_api.engagements.state import Link
from genjin_api.findings.state import Correction, Finding
from genjin_api.forms.state import FormRecord, Signature
from genjin_api.goals.state import Goal, Progress
from genjin_api.health.state import Health
from genjin_api.metrics.state import Metric, MetricValue
from genjin_api.milestones.state import Milestone
from genjin_api.past.difference import Line, lines
from genjin_api.past.field_words import FIELDS, VALUES, Noun
from genjin_api.past.labels import label
from genjin_api.past.reader import Reader, reader_of
from genjin_api.past.value_texts import TEXT_MAX, value_text
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.projects.status import Closing, EndedSuspension, Suspension
from genjin_api.requirements.state import Confirmation, Requirement
from genjin_api.risks.state import Response, Risk, RiskLink
from genjin_api.stages.follow_up_state import FollowUp
from genjin_api.stages.state import Actual, Judgement, Mark, Visit
from genjin_api.stakeholders.state import Score, Stakeholder
from genjin_api.warnings.state import Warned, Warning
from tests.past.record import Record
from tests.projects.histories_by_content import OF_EVERY_TABLE, stories
from tests.pursuit import TEMPLATE, Pursuit, done

LANGUAGES = ("zh", "en")
# Those that are told of in words together know every noun of a project, and how it stands still and ends.
LIVES = range(4)
KINDS = OF_EVERY_TABLE | {"project.suspended", "project.closed", "project.header_changed"}
PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

CLASSES: Mapping[Noun, tuple[type, ...]] = {
    "project": (Project, Suspension, EndedSuspension, Closing, Health, ProjectAccount),
    "visit": (Visit, Actual, Mark, Judgement, CorrectedBasis),
    "follow_up": (FollowUp,),
    "form": (FormRecord, Signature),
    "requirement": (Requirement, Confirmation),
    "change_request": (ChangeRequest, Impact),
    "risk": (Risk, Response, RiskLink),
    "milestone": (Milestone,),
    "metric": (Metric, MetricValue),
    "finding": (Finding, Correction),
    "correction": (EntryCorrection, ReceiptReference),
    "document": (Document,),
    "linked_project": (Link,),
    "engagement": (Link,),
    "goal": (Goal, Progress),
    "warning": (Warning, Warned),
    "stakeholder": (Stakeholder, Score),
}


@pytest.mark.parametrize("noun", sorted(CLASSES))
def test_every_field_of_every_noun_has_words(noun: Noun) -> None:
    for kind in CLASSES[noun]:
        missing = [name for name in _names(kind) if name not in FIELDS[noun]]
        assert missing == [], kind


def _names(kind: type) -> list[str]:
    if issubclass(kind, BaseModel):
        return list(kind.model_fields)
    assert is_dataclass(kind)
    return [one.name for one in fields(kind) if one.name not in changes._BOOKKEEPING]


@pytest.mark.parametrize("name", sorted(VALUES))
def test_every_value_of_a_closed_set_has_words(name: str) -> None:
    """The sets are those that the states are declared with, and the priorities of a requirement."""
    kinds = [Project, *(kind for of_noun in CLASSES.values() for kind in of_noun)]
    declared = [str(kind.__annotations__.get(name, "")) for kind in kinds]
    declared += [str(Priority)] if name == "priority" else []
    found = {value for text in declared for value in re.findall(r"'(\w+)'", text)}
    assert found == set(VALUES[name])


@cache
def life(number: int) -> list[Project]:
    states: list[Project] = []
    for fact, stamp in stories(KINDS, 80, len(LIVES))[number].told:
        states.append(evolve(states[-1] if states else None, fact, stamp))  # type: ignore[arg-type]
    return [state for state in states if state.stands]


def told(before: Project, after: Project, language: str) -> list[Line]:
    reader = reader_of(TEMPLATE, (after, before), language, "Asia/Shanghai")
    return list(lines(before, after, reader, {}))


def every_line(language: str) -> Iterator[Line]:
    """Of each step, and of the whole, forwards and backwards."""
    for number in LIVES:
        states = life(number)
        for before, after in [*pairwise(states), (states[0], states[-1])]:
            yield from told(before, after, language)
            yield from told(after, before, language)


OWN_NAMES = {name for words in FIELDS.values() for name in words if "_" in name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_lies_between_two_states_is_told_in_words(language: str) -> None:
    nouns = set()
    for line in every_line(language):
        nouns.add(line.path.split("/")[1])
        assert line.path not in line.text
        assert line.label
        assert line.text.startswith(line.label)
        words = set(re.findall(r"\w+", line.label))
        assert not words & OWN_NAMES, line
        assert not re.search(r"[0-9a-f]{8}-[0-9a-f]{4}-", line.label) or "/subjects/" in line.path
    assert nouns >= {
        *("header", "status", "course", "forms", "requirements", "change_requests", "risks"),
        *("suspension", "closing", "milestones", "metrics", "findings", "documents"),
        *("linked_projects", "engagements", "goals", "health", "warnings"),
        *("stakeholders", "account"),
    }


def test_a_chinese_reader_is_told_the_fields_in_chinese() -> None:
    for line in every_line("zh"):
        field = line.label.rpartition(" · ")[2]
        if not line.path.startswith(("/forms", "/role_holders")) and "/subjects/" not in line.path:
            assert re.search(r"[\u4e00-\u9fff]", field), line


@PATIENT
@given(st.sampled_from(LIVES), st.sampled_from(LANGUAGES), st.data())
def test_any_two_states_can_be_told_apart_in_words(
    number: int, language: str, data: st.DataObject
) -> None:
    states = st.sampled_from(life(number))
    for line in told(data.draw(states), data.draw(states), language):
        assert line.path not in line.text
        assert "\n" not in line.text
        assert len(line.text) <= len(line.label) + 2 * TEXT_MAX + 10


@pytest.fixture
def reader(request: pytest.FixtureRequest) -> Reader:
    state = next(
        state
        for number in LIVES
        for state in life(number)
        if state.risks and state.requirements and state.change_requests and state.course.follow_ups
    )
    return reader_of(TEMPLATE, (state,), request.param, "Asia/Shanghai")


def path_of(reader: Reader, name: str, field: str) -> str:
    things: Mapping[str, Any] = getattr(reader.states[0], name)
    return f"/{name}/{next(iter(things))}/{field}"


@pytest.mark.parametrize(
    ("reader", "words"),
    [("en", "Risk “超支” · exposure"), ("zh", "风险“超支” · 风险值")],
    indirect=["reader"],
)
def test_a_risk_is_named_by_its_event(reader: Reader, words: str) -> None:
    assert label(reader, path_of(reader, "risks", "score")) == words


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Shanghai", "Pacific/Kiritimati"])
@pytest.mark.parametrize("value", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z"])
def test_a_time_at_the_ends_of_the_calendar_is_told_in_every_zone(zone: str, value: str) -> None:
    reader = reader_of(TEMPLATE, (), "en", zone)
    assert value[:3] == value_text(reader, "/created_at", value)[:3]


@pytest.mark.parametrize("reader", ["en"], indirect=True)
def test_things_are_named_by_their_titles(reader: Reader) -> None:
    state = reader.states[0]
    follow_up = next(iter(state.course.follow_ups.values()))
    path = f"/course/follow_ups/{follow_up.id}/due_on"
    assert label(reader, path) == f"Follow-up “{follow_up.action}” · due on"
    assert label(reader, path_of(reader, "requirements", "confirmation/evidence")) == (
        "Requirement “处理能力” · confirmation · evidence"
    )
    assert label(reader, path_of(reader, "change_requests", "impact/days")) == (
        "Change “提高能力” · impact · days"
    )


STAGE = TEMPLATE.stages[0].title.en
WANG, LI = {"person_name": "王芳"}, {"person_name": "李强"}


@pytest.mark.parametrize("reader", ["en"], indirect=True)
@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/header/region", "Region of the project"),
        ("/role_holders/dept_head", "Head of department"),
        ("/status", "Project · status"),
        ("/closing/reason_code", "Project · closing · kind of reason"),
        ("/course/visits/initiation:1/left_at", f"{STAGE} · left at"),
        ("/course/visits/initiation:2/left_at", f"{STAGE} (visit 2) · left at"),
        ("/course/visits/initiation:1/actual/text", f"{STAGE} · actual situation · text"),
        (
            "/course/visits/initiation:1/judgements/marketer/verdict",
            f"{STAGE} · judgement · Marketer · verdict",
        ),
        ("/course/visits/initiation:1/receipt/checks", f"{STAGE} · gate receipt · checks"),
        ("/forms/contact_profile:1/state", "Contact profile · state"),
        ("/forms/contact_profile:2/state", "Contact profile (copy 2) · state"),
        ("/forms/contact_profile:1/values/odd/a~1b", "Contact profile · odd · a/b"),
        (
            "/forms/contact_profile:1/signatures/marketer/signed_at",
            "Contact profile · signature · Marketer · signed at",
        ),
        # What the template of today does not know keeps its key.
        ("/header/unknown", "unknown"),
        ("/course/visits/unknown:1/left_at", "unknown · left at"),
        ("/forms/unknown:1/state", "unknown · state"),
    ],
)
def test_a_path_has_the_label_of_what_it_leads_to(reader: Reader, path: str, words: str) -> None:
    assert label(reader, path) == words


def test_a_condition_is_named_by_its_own_words() -> None:
    stage = TEMPLATE.stages[0]
    condition = next(iter(stage.conditions()))
    reader = reader_of(TEMPLATE, (), "zh", "Asia/Shanghai")
    told = label(reader, f"/course/visits/{stage.key}:1/conditions/{condition.key}/met")
    assert told.split(" · ")[0] == stage.title.zh
    assert told.split(" · ")[2][:20] == condition.text.zh[:20]


@pytest.mark.parametrize(
    ("path", "value", "zh", "en"),
    [
        ("/status", "suspended", "已暂停", "suspended"),
        ("/suspension/since", "2026-03-15T17:00:00Z", "2026-03-16 01:00", "2026-03-16 01:00"),
        ("/course/visits/a:1/conditions/c1/met", True, "是", "yes"),
        ("/course/visits/a:1/judgements/marketer/verdict", "hold", "暂缓", "Hold"),
        ("/course/visits/a:1/receipt/checks", [{}, {}], "2项", "2 of them"),
        ("/forms/a:1/subjects/x", ["/name", "/post"], "2处", "2 places"),
        ("/forms/a:1/values/odd", {"a": [1, True, None]}, "a: 1、是、—", "a: 1, yes, —"),
        ("/forms/a:1/values/odd", "一\n二", "一 二", "一 二"),
        ("/role_holders/marketer", [WANG, LI], "王芳、李强", "王芳, 李强"),
        ("/risks/x/score", None, "—", "—"),
        ("/risks/x/score", 0, "0", "0"),
        ("/risks/x/rationale", "", "—", "—"),
        ("/header/region", "", "—", "—"),
    ],
)
def test_a_value_is_told_in_words(path: str, value: Any, zh: str, en: str) -> None:
    for language, words in (("zh", zh), ("en", en)):
        reader = reader_of(TEMPLATE, (), language, "Asia/Shanghai")
        assert value_text(reader, path, value) == words


def test_a_long_value_is_cut() -> None:
    reader = reader_of(TEMPLATE, (), "zh", "Asia/Shanghai")
    text = value_text(reader, "/risks/x/cause", "长" * 500)
    assert text == "长" * (TEXT_MAX - 1) + "…"


def test_people_are_told_by_the_names_that_the_project_has_for_them() -> None:
    state = next(state for number in LIVES for state in life(number) if state.role_holders)
    [holder, *_] = next(iter(state.role_holders.values()))
    reader = reader_of(TEMPLATE, (state,), "zh", "Asia/Shanghai")
    assert value_text(reader, "/risks/x/owner_id", str(holder.person_id)) == holder.person_name
    assert value_text(reader, "/risks/x/owner_id", "nobody") == "nobody"


async def test_the_api_tells_every_line_of_a_lived_project_in_both_languages(
    pursuit: Pursuit, record: Record
) -> None:
    texts = {}
    for language in LANGUAGES:
        answer = done(
            await pursuit.world.auditor.client.get(
                f"{pursuit.path}/diff",
                params={"from": record[0].version, "to": record[-1].version},
                headers={"Accept-Language": language},
            )
        )
        found = answer.json()["lines"]
        assert all(line["path"] not in line["text"] for line in found)
        assert all(line["text"].startswith(line["label"]) for line in found)
        texts[language] = [line["text"] for line in found]
    assert len(texts["zh"]) == len(texts["en"]) > 50
    assert any(text.startswith("Risk “") for text in texts["en"])
    assert any(text.startswith("风险“") for text in texts["zh"])
