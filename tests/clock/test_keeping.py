"""How a project keeps its cadences: what the clock tells as missed is what is counted as missed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from genjin.clock.crossings import of_rhythm
from genjin.clock.events import CadenceMissed
from genjin.clock.keeping import Keeping, keeping
from genjin.clock.life import Happening, life_of
from tests.clock.test_crossings import CHINA, DAILY, REPORTING, WEEKLY, begun, day, memo, template

KINDS = ("form.completed", "project.suspended", "project.resumed", "stage.actual_recorded")


def kept(number: int, *happenings: Happening) -> Keeping:
    life = life_of([*begun(), *happenings])
    return keeping(life, REPORTING.cadences[0], day(number), CHINA)


def test_a_turn_is_kept_missed_or_still_open_and_the_next_is_due_with_its_grace() -> None:
    now = kept(22, memo(3), memo(16))
    assert [turn.kept for turn in now.newest] == [True, False, True, None]
    assert (now.kept, now.missed, now.rate) == (2, 1, 0.6667)
    assert (now.last_done_on, now.next_due_on) == (day(16), day(29))


def test_a_turn_that_is_kept_early_makes_the_one_after_it_the_next() -> None:
    now = kept(22, memo(3), memo(16), memo(22))
    assert now.newest[-1].kept is True
    assert now.next_due_on == day(36)


def test_nothing_is_due_while_a_project_rests() -> None:
    now = kept(30, memo(3), Happening("project.suspended", day(15)))
    assert (now.kept, now.missed, now.rate, now.next_due_on) == (1, 1, 0.5, None)


def test_before_the_first_turn_has_ended_there_is_no_rate() -> None:
    now = kept(2)
    assert (now.kept, now.missed, now.rate, now.next_due_on) == (0, 0, None, day(8))


@given(
    past=st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 120)), max_size=25),
    today=st.integers(0, 130),
    grace=st.integers(0, 9),
    count=st.integers(1, 3),
)
def test_what_is_missed_is_what_the_clock_would_tell(
    past: list[tuple[str, int]], today: int, grace: int, count: int
) -> None:
    more = {"grace_days": grace, "count": count}
    rules = template(cadences=[WEEKLY | more, DAILY | more])
    names = {"form.completed": "memo", "stage.actual_recorded": "first"}
    told = [
        Happening(type_, day(number), names.get(type_, ""))
        for type_, number in sorted(past, key=lambda one: one[1])
        if number <= today
    ]
    life = life_of([*begun(), *told])
    crossed = [one.fact for one in of_rhythm(life, rules, day(today), CHINA)]
    for cadence in rules.cadences:
        now = keeping(life, cadence, day(today), CHINA)
        missed = [
            fact.turns
            for fact in crossed
            if isinstance(fact, CadenceMissed) and fact.cadence == cadence.key
        ]
        assert now.missed == sum(missed)
        assert all(turn.first <= day(today) <= turn.due_on + timedelta(400) for turn in now.newest)
        assert now.next_due_on is None or now.next_due_on >= day(today)
