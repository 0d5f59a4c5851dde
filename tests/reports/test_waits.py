"""Whom a project waits for is whom its gate waits for, whatever happened and by whichever rule it is judged."""

from collections import Counter
from typing import Any

from genjin.event import Fact, Stamp
from genjin.templates.model import Template
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.reports.standing import given, judged
from genjin_api.reports.waits import asked_of, forms_of_gate, waits_for_judges, waits_for_others
from tests.projects.histories import random_story
from tests.reports.gate_waits import gate_waits
from tests.specification import TEMPLATE
from tests.stages.rich_histories import random_rich_story
from tests.templates.rich import RICH

RULES: list[dict[str, Any]] = [
    {},
    {"mode": "any"},
    {"mode": "quorum", "quorum": 2},
    {"mode": "sequence"},
    {"mode": "decisive", "decisive": ("general_manager",)},
]


def _with_rule(template: Template, rule: dict[str, Any]) -> Template:
    """Every stage is judged by it."""
    judgement = template.judgement.model_copy(update=rule)
    stages = [stage.model_copy(update={"judgement": None}) for stage in template.stages]
    return template.model_copy(update={"judgement": judgement, "stages": tuple(stages)})


def test_a_project_waits_for_those_whom_its_gate_waits_for() -> None:
    met: Counter[str] = Counter()
    for seed in range(6):
        plain = random_story(seed, steps=60).told
        for rule in RULES:
            _agree(plain, _with_rule(TEMPLATE, rule), met)
        rich = random_rich_story(seed, steps=60).told
        _agree(rich, RICH, met)
    assert set(met) >= {"judgement", "approval", "form", "signature", "one of"}, met


def _agree(told: list[tuple[Fact, Stamp]], template: Template, met: Counter[str]) -> None:
    project: Project | None = None
    for fact, stamp in told:
        project = evolve(project, fact, stamp)  # type: ignore[arg-type]  # facts of a project's stream
        if project.stands and project.status == "open":
            stage = template.stage(project.course.current.stage)
            found = [
                *waits_for_judges(template, stage, judged(project)),
                *waits_for_others(template, stage, given(project)),
            ]
            asked = asked_of(given(project), forms_of_gate(stage))
            assert waits_for_others(template, stage, asked) == waits_for_others(
                template, stage, given(project)
            )
            assert set(found) == gate_waits(project, template), (fact, template.judgement.mode)
            assert len(found) == len(set(found))
            met.update(one.kind for one in found)
            met["one of"] += any(one.one_of for one in found)
