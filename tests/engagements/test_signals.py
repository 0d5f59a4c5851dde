"""What the record says of a project's health: a cadence says something while it applies."""

from genjin.clock.life import Happening, life_of
from genjin.templates.model import Template
from genjin_api.health.signals import Signal, signals_of
from genjin_api.projects.state import Project
from tests.clock.test_crossings import CHINA, WEEKLY, begun, day, entered, happened, template
from tests.specification import A_PROJECT, given

IN_THE_FIRST = template(cadences=[WEEKLY | {"stages": ["first"]}])
ALWAYS = template(cadences=[WEEKLY])
MISSED = [Signal("cadence_missed", "weekly", day(15))]
PROJECT: Project = given(A_PROJECT).now


def signals(rules: Template, number: int, *happenings: Happening) -> list[Signal]:
    life = life_of([*begun(), *happenings])
    return list(signals_of(PROJECT, rules, life, day(number), CHINA))


def test_a_cadence_that_was_missed_is_a_signal_while_the_project_is_in_its_stage() -> None:
    assert signals(IN_THE_FIRST, 20) == MISSED
    assert signals(IN_THE_FIRST, 20, entered("second", 20)) == []
    assert signals(IN_THE_FIRST, 20, entered("second", 18), entered("first", 19, 2)) == MISSED


def test_a_cadence_that_was_missed_is_no_signal_while_the_project_is_suspended() -> None:
    rests = happened("project.suspended", 18)
    assert signals(ALWAYS, 20) == MISSED
    assert signals(ALWAYS, 20, rests) == []
    assert signals(ALWAYS, 20, rests, happened("project.resumed", 20)) == MISSED
