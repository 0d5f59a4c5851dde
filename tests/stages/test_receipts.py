"""Receipts replayed: the gate on the state before a passage gives the receipt that was kept of it."""

import copy
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.event import Stamp
from genjin.projects.events import ProjectClosed
from genjin.stages.events import StageAdvanced
from genjin.templates.model import Template
from genjin_api.acting import Caller
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.stages.receipts import Passage, differences
from tests.projects.histories import random_story
from tests.specification import GENERAL_MANAGER, MARKETER, TEMPLATE, Story
from tests.stages.rich_histories import random_rich_story
from tests.stages.rich_telling import advance as advance_rich
from tests.stages.rich_telling import begun, ready
from tests.stages.telling import pass_gate
from tests.stages.telling import ready as pursuit_ready
from tests.templates.rich import RICH

PURSUITS, RICH_ONES = range(12), range(40)


@dataclass(frozen=True, slots=True)
class Passed:
    """A passage through a gate with the state before it."""

    before: Project
    passage: Passage
    caller: Caller

    @property
    def receipt(self) -> dict[str, Any]:
        assert self.passage.receipt is not None
        return self.passage.receipt

    def with_receipt(self, receipt: dict[str, Any]) -> "Passed":
        passage = self.passage.model_copy(update={"receipt": receipt})
        return Passed(self.before, passage, self.caller)

    def paths(self, template: Template) -> list[str]:
        found = differences(self.before, template, self.passage, self.caller)
        return [one.path for one in found]


def passages(story: Story) -> Iterator[Passed]:
    project: Project | None = None
    for fact, stamp in story.told:
        if isinstance(fact, StageAdvanced | ProjectClosed) and fact.receipt is not None:
            assert project is not None
            yield Passed(project, fact, _caller(stamp))
        project = evolve(project, fact, stamp)  # type: ignore[arg-type]  # of a project's stream


def _caller(stamp: Stamp) -> Caller:
    """Who passed, by what the event says of them."""
    actor = stamp.actor
    return Caller(MARKETER.workspace_id, actor.id, actor.name, "member", MARKETER.time_zone)


@cache
def pursuit(seed: int) -> list[Passed]:
    return list(passages(random_story(seed, steps=150)))


@cache
def rich(seed: int) -> list[Passed]:
    return list(passages(random_rich_story(seed, steps=40)))


@pytest.mark.parametrize("seed", PURSUITS)
def test_every_receipt_of_a_pursuit_replays(seed: int) -> None:
    assert [passed.paths(TEMPLATE) for passed in pursuit(seed)] == [[] for _ in pursuit(seed)]


@pytest.mark.parametrize("seed", RICH_ONES)
def test_every_receipt_with_branches_skips_and_overrides_replays(seed: int) -> None:
    assert [passed.paths(RICH) for passed in rich(seed)] == [[] for _ in rich(seed)]


def test_the_histories_have_receipts_of_every_kind() -> None:
    found = Counter(part for seed in RICH_ONES for one in rich(seed) for part in one.receipt)
    assert min(found[part] for part in ("override", "exit", "skipped", "checks")) >= 5
    closed = [
        one for seed in RICH_ONES for one in rich(seed) if isinstance(one.passage, ProjectClosed)
    ]
    assert closed
    assert sum(len(pursuit(seed)) for seed in PURSUITS) >= 20


@given(st.data())
def test_a_receipt_of_which_anything_was_changed_does_not_replay(data: st.DataObject) -> None:
    seeds = [seed for seed in RICH_ONES if rich(seed)]
    passed = data.draw(st.sampled_from(rich(data.draw(st.sampled_from(seeds)))))
    receipt = copy.deepcopy(passed.receipt)
    path, parent, key = data.draw(st.sampled_from(list(_leaves("", receipt))))
    parent[key] = {"changed": parent[key]}
    if path == "/on":
        parent[key] = "2031-01-01"
    assert passed.with_receipt(receipt).paths(RICH) != []


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any, Any]]:
    """What stands in the checks, and beside them what the way and the override are told by."""
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        here = f"{path}/{key}"
        if isinstance(item, dict | list) and item:
            yield from _leaves(here, item)
        elif not here.startswith(("/override/blockers", "/override/reason", "/on")):
            yield here, value, key


def _only(story: Story) -> Passed:
    [passed] = passages(story)
    return passed


def _advanced() -> Passed:
    story = ready()
    story.did(MARKETER, advance_rich())
    return _only(story)


def test_a_difference_names_its_place() -> None:
    passed = _advanced()
    receipt = copy.deepcopy(passed.receipt)
    receipt["checks"][1]["passed"] = False
    assert passed.with_receipt(receipt).paths(RICH) == ["/checks/1/passed"]


def test_a_check_that_is_missing_is_a_difference_of_the_checks() -> None:
    passed = _advanced()
    receipt = copy.deepcopy(passed.receipt)
    receipt["checks"].pop()
    assert passed.with_receipt(receipt).paths(RICH) == ["/checks"]


def test_a_receipt_of_a_gate_that_was_closed_says_that_it_would_be_refused() -> None:
    passed = _advanced()
    early = Passed(begun().now, passed.passage, passed.caller)
    assert "/refused" in early.paths(RICH)


def test_an_exit_that_was_not_open_says_that_it_would_be_refused() -> None:
    passed = _advanced()
    wrong = passed.passage.model_copy(update={"to_stage": "big"})
    assert Passed(passed.before, wrong, passed.caller).paths(RICH) == ["/exit", "/refused"]


def test_an_override_by_somebody_who_may_not_does_not_replay() -> None:
    overridden = next(one for seed in RICH_ONES for one in rich(seed) if "override" in one.receipt)
    assert overridden.caller.person_id == GENERAL_MANAGER.person_id
    by_another = Passed(overridden.before, overridden.passage, MARKETER)
    assert "/refused" in by_another.paths(RICH)


def test_another_template_version_gives_another_receipt() -> None:
    story = pursuit_ready()
    pass_gate(story)
    passed = next(passages(story))
    assert passed.paths(TEMPLATE) == []
    assert passed.paths(TEMPLATE.model_copy(update={"version": 2})) == ["/template/version"]
