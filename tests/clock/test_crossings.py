"""Which limits of time a project has crossed by a day, from its past alone."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from genjin.clock.crossings import (
    Owned,
    follow_up_overdue,
    milestone_overdue,
    of_rhythm,
    review_due,
)
from genjin.clock.events import CadenceMissed, CustomerSilent, StageOverstayed
from genjin.clock.life import Happening, life_of
from genjin.event import Fact
from genjin.templates.model import Template
from genjin.working_days import working_days
from tests.templates.test_model import WHOLE, stage, text

MEMO = {"title": text("memo"), "repeatable": True, "schema": {"type": "object"}}
WEEKLY = {
    "key": "weekly",
    "title": text("weekly"),
    "every": "week",
    "form": "memo",
    "by": ["seller"],
    "grace_days": 2,
}
DAILY = {"key": "daily", "title": text("daily"), "every": "day", "by": ["seller"]}
SILENCE = {"days": 14, "forms": ["memo"]}
CHINA = working_days("CN")
BEGIN = date(2026, 3, 2)  # a Monday
DAY = timedelta(days=1)


def template(**changes: Any) -> Template:
    forms = {**WHOLE["forms"], "memo": MEMO}
    return Template.model_validate({**WHOLE, "forms": forms, **changes})


LIMITED = template(stages=[stage("first", "second", max_days=30, forms=["note"]), stage("second")])
REPORTING = template(cadences=[WEEKLY])
LOGGING = template(cadences=[DAILY])
HEARING = template(silence=SILENCE)


def day(number: int) -> date:
    """Of the project, from 0."""
    return BEGIN + number * DAY


def begun() -> list[Happening]:
    return [Happening("project.created", BEGIN), entered("first", 0)]


def entered(stage_key: str, number: int, visit: int = 1) -> Happening:
    return Happening("stage.entered", day(number), stage_key, visit)


def happened(type_: str, number: int, name: str = "") -> Happening:
    return Happening(type_, day(number), name)


def memo(number: int) -> Happening:
    return happened("form.completed", number, "memo")


def told(rules: Template, number: int, *happenings: Happening) -> list[Fact]:
    life = life_of([*begun(), *happenings])
    return [each.fact for each in of_rhythm(life, rules, day(number), CHINA)]


# The stage


def test_a_stage_is_overstayed_on_the_day_after_its_last_one() -> None:
    assert told(LIMITED, 30) == []
    fact = StageOverstayed(stage="first", visit=1, max_days=30, since=day(0), due_on=day(30))
    assert told(LIMITED, 31) == [fact]


def test_days_of_suspension_do_not_count_towards_a_stage_s_limit() -> None:
    rest = (happened("project.suspended", 10), happened("project.resumed", 20))
    assert told(LIMITED, 40, *rest) == []
    [fact] = told(LIMITED, 41, *rest)
    assert isinstance(fact, StageOverstayed)
    assert fact.due_on == day(40)


def test_a_stage_that_was_left_is_no_longer_overstayed() -> None:
    assert told(LIMITED, 90, entered("second", 40)) == []


def test_each_visit_to_a_stage_has_a_limit_of_its_own() -> None:
    again = (entered("second", 5), entered("first", 50, visit=2))
    assert told(LIMITED, 80, *again) == []
    [fact] = told(LIMITED, 81, *again)
    assert isinstance(fact, StageOverstayed)
    assert (fact.visit, fact.since) == (2, day(50))


def test_a_past_of_which_the_beginning_was_not_read_stands_in_no_stage() -> None:
    life = life_of([happened("stage.actual_recorded", 0, "first")])
    assert [each.fact for each in of_rhythm(life, LIMITED, day(90), CHINA)] == []


def test_entries_that_were_written_down_late_are_put_in_the_order_of_their_days() -> None:
    rules = template(cadences=[DAILY | {"stages": ["first", "second"]}])
    moved = (entered("second", 6), entered("first", 2, visit=2), entered("second", 4, visit=2))
    missed = told(rules, 9, *moved)
    assert [fact.model_dump()["period_start"] for fact in missed] == [day(n) for n in range(9)]


# Cadences


def test_a_turn_is_missed_when_its_days_of_grace_are_over() -> None:
    assert told(REPORTING, 8) == []
    missed = CadenceMissed(
        cadence="weekly", period_start=day(0), period_end=day(6), due_on=day(8), turns=1
    )
    assert told(REPORTING, 9) == [missed]


def test_what_was_done_within_the_turn_or_its_grace_is_not_missed() -> None:
    assert told(REPORTING, 9, memo(3)) == []
    assert told(REPORTING, 9, memo(8)) == []
    assert len(told(REPORTING, 20, memo(9))) == 1


EACH = template(cadences=[WEEKLY | {"by": ["seller", "boss"], "each": True}])
WANG, LI = UUID(int=0xA), UUID(int=0xB)


def gave(role: str, person: UUID, number: int) -> Happening:
    return Happening("project.role_assigned", day(number), role, person_id=person)


def memo_of(person: UUID, number: int) -> Happening:
    return Happening("form.completed", day(number), "memo", person_id=person)


def missing(number: int, *happenings: Happening) -> list[set[UUID]]:
    """Of each turn that was missed, who left it out."""
    found = told(EACH, number, *happenings)
    return [set(fact.missing) for fact in found if isinstance(fact, CadenceMissed)]


def test_where_each_holder_owes_one_no_copy_stands_in_for_another_s() -> None:
    both = [gave("seller", WANG, 0), gave("boss", LI, 0)]
    assert missing(9, *both) == [{WANG, LI}]
    assert missing(9, *both, memo_of(WANG, 3), memo_of(WANG, 4)) == [{LI}]
    assert missing(9, *both, memo_of(WANG, 3), memo_of(LI, 8)) == []
    stranger = memo_of(UUID(int=0xC), 3)
    assert missing(9, *both, stranger) == [{WANG, LI}]


def test_whoever_did_not_hold_a_role_all_through_a_turn_owes_none_in_it() -> None:
    came_and_went = [
        gave("seller", WANG, 0),
        gave("seller", LI, 2),
        Happening("project.role_released", day(16), "seller", person_id=LI),
    ]
    reported = [memo_of(WANG, number) for number in (3, 10, 17)]
    assert missing(24, *came_and_went, *reported) == [{LI}], "of the second week alone"
    assert missing(9, memo(3)) == [], "nobody holds a role: one by anybody does"
    assert missing(9) == [set()]


def test_a_role_that_has_another_name_now_is_owed_by_who_holds_it() -> None:
    renamed = Happening("project.template_migrated", day(0), roles={"clerk": "seller"})
    assert missing(9, gave("clerk", WANG, 0), renamed) == [{WANG}]


def test_another_form_does_not_stand_in_for_the_one_that_is_due() -> None:
    assert len(told(REPORTING, 9, happened("form.completed", 3, "note"))) == 1


def test_an_entry_of_the_actual_situation_does_for_a_cadence_without_a_form() -> None:
    written = [happened("stage.actual_recorded", number, "first") for number in (0, 2)]
    missed = told(LOGGING, 4, *written)
    assert [fact.model_dump()["period_start"] for fact in missed] == [day(1), day(3)]


def test_a_cadence_of_a_stage_holds_only_while_the_project_is_in_it() -> None:
    rules = template(cadences=[DAILY | {"stages": ["second"]}])
    moved = (entered("second", 3), entered("first", 5, visit=2))
    missed = told(rules, 9, *moved)
    assert [fact.model_dump()["period_start"] for fact in missed] == [day(3), day(4)]


def test_turns_of_which_a_part_was_suspended_are_not_asked_for() -> None:
    rest = (happened("project.suspended", 9), happened("project.resumed", 15))
    missed = told(REPORTING, 40, *rest)
    starts = [fact.model_dump()["period_start"] for fact in missed]
    assert starts == [day(0), day(21), day(28)]


def test_a_suspension_that_ends_on_its_day_interrupts_nothing() -> None:
    rest = (happened("project.suspended", 3), happened("project.resumed", 3))
    assert told(REPORTING, 9, *rest) == told(REPORTING, 9)


def test_a_new_version_of_the_template_asks_for_nothing_of_the_time_before_it() -> None:
    missed = told(LOGGING, 9, happened("project.template_migrated", 6))
    starts = [fact.model_dump()["period_start"] for fact in missed]
    assert starts == [day(6), day(7), day(8)]


def test_after_a_long_downtime_ten_turns_are_told_and_those_before_them_as_one() -> None:
    [early, *newest] = [fact.model_dump() for fact in told(LOGGING, 100)]
    assert [fact["period_start"] for fact in newest] == [day(number) for number in range(90, 100)]
    assert (early["period_start"], early["period_end"]) == (day(0), day(89))
    assert (early["due_on"], early["turns"]) == (day(89), 90)


@given(st.sets(st.integers(0, 60)), st.sets(st.integers(1, 60)))
def test_whenever_the_clock_looks_each_missed_turn_is_told_once(
    written: set[int], looks: set[int]
) -> None:
    """It may sleep for weeks between two looks, and knows what was told from the stream alone."""
    stream = begun() + [happened("stage.actual_recorded", each, "first") for each in written]
    days = 0
    ids: list[UUID] = []
    for number in sorted({*looks, 61}):
        for crossing in of_rhythm(life_of(stream), LOGGING, day(number), CHINA):
            fact = crossing.fact
            assert isinstance(fact, CadenceMissed)
            stream.append(Happening(fact.type, day(number), "daily", until=fact.period_end))
            days += fact.turns
            ids.append(crossing.event_id(UUID(int=1)))
    assert days == 61 - len(written)
    assert len(set(ids)) == len(ids)


# Silence


def test_a_customer_is_silent_when_so_many_days_have_passed_since_the_last_contact() -> None:
    assert told(HEARING, 13) == []
    assert told(HEARING, 14) == [CustomerSilent(days=14, since=day(0))]
    assert told(HEARING, 14, memo(1)) == []
    assert told(HEARING, 15, memo(1)) == [CustomerSilent(days=14, since=day(1))]


def test_a_resumed_project_waits_for_its_customer_anew() -> None:
    rest = (happened("project.suspended", 5), happened("project.resumed", 50))
    assert told(HEARING, 63, *rest) == []
    assert told(HEARING, 64, *rest) == [CustomerSilent(days=14, since=day(50))]


# Identity


def ids(rules: Template, number: int, *happenings: Happening) -> Iterable[UUID]:
    life = life_of([*begun(), *happenings])
    return [each.event_id(UUID(int=1)) for each in of_rhythm(life, rules, day(number), CHINA)]


def test_a_crossing_is_the_same_one_on_every_later_day() -> None:
    for rules in (LIMITED, HEARING):
        assert ids(rules, 40) == ids(rules, 70)
    rest = (happened("project.suspended", 35), happened("project.resumed", 38))
    assert ids(LIMITED, 80, *rest) == ids(LIMITED, 33)


def test_another_due_date_is_another_crossing() -> None:
    item = Owned(UUID(int=2), UUID(int=3), BEGIN)
    moved = Owned(UUID(int=2), UUID(int=3), BEGIN + DAY)
    project = UUID(int=1)
    for crossing in (follow_up_overdue, review_due):
        assert crossing(item).event_id(project) != crossing(moved).event_id(project)
        assert crossing(item).event_id(project) == crossing(item).event_id(project)
    assert follow_up_overdue(item).event_id(project) != review_due(item).event_id(project)
    assert follow_up_overdue(item).event_id(project) != follow_up_overdue(item).event_id(
        UUID(int=9)
    )


def test_a_milestone_s_crossing_is_that_of_its_day_and_of_its_being_set() -> None:
    project, milestone = UUID(int=1), UUID(int=2)
    limits = [(BEGIN, 0), (BEGIN + DAY, 1), (BEGIN, 2)]
    told = {milestone_overdue(milestone, *limit).event_id(project) for limit in limits * 2}
    assert len(told) == 3
