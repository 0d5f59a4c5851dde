"""One example of each report, with its numbers worked by hand."""

from decimal import Decimal
from uuid import UUID

from genjin.templates.catalog import shipped
from genjin.templates.registers import Outcome
from genjin.templates.words import Text
from genjin_api.reports.calibration import FirstWords, calibration
from genjin_api.reports.conversion import Fate, conversion
from genjin_api.reports.disagreement import Spoken, disagreement
from genjin_api.reports.numbers import interval, ratio
from genjin_api.reports.overrides import PassedGates, overrides
from genjin_api.reports.stages import StageKey, Stages
from genjin_api.reports.win_rate import Ended, win_rate
from tests.reports.portfolio import BEGUN

STAGES = Stages(shipped())
CONTACT = StageKey("pursuit.8", 1, "contact")
INITIATION = StageKey("pursuit.8", 1, "initiation")
TITLE = Text(zh="某", en="some")
ONE, OTHER = UUID(int=1), UUID(int=2)


def test_a_ratio_has_four_places_rounded_half_to_even_and_none_without_a_divisor() -> None:
    assert ratio(1, 3) == "0.3333"
    assert ratio(1, 32) == "0.0312"  # 0.03125
    assert ratio(3, 32) == "0.0938"  # 0.09375
    assert ratio(0, 0) is None


def test_the_interval_of_a_share_is_wilsons() -> None:
    """Of 8 in 10: (0.8 + 3.8415/20 ± 1.96 * sqrt(0.016 + 3.8415/400)) / (1 + 3.8415/10)."""
    assert interval(8, 10) == ("0.4902", "0.9433")
    assert interval(0, 5) == ("0.0000", "0.4345")
    assert interval(0, 0) is None


def test_conversion_divides_by_all_that_entered_and_by_those_that_are_decided() -> None:
    """10 entered: 4 went on, 1 returned, 1 ended, 3 are there, 1 was migrated: 4/10, and 4/6."""
    counts = {"went_on": 4, "returned": 1, "ended": 1, "still_there": 3, "migrated": 1}
    month = BEGUN.date().replace(day=1)
    found = [Fate(CONTACT, month, fate, projects) for fate, projects in counts.items()]
    found.append(Fate(INITIATION, month, "still_there", 2))
    first, second = conversion(found, STAGES)
    assert (first["stage"], first["conversion"], first["conversion_of_decided"]) == (
        "initiation",
        "0.0000",
        None,
    )
    assert first["few"]
    assert second["title"].zh == "初步接触"
    assert (second["month"], second["entered"]) == ("2025-01", 10)
    assert (second["conversion"], second["conversion_of_decided"]) == ("0.4000", "0.6667")


def test_a_win_rate_leaves_out_what_has_no_amount_and_keeps_currencies_apart() -> None:
    """Won 3, lost 1: 0.75. CNY: 500 won of 500 + 1500 is 0.25. EUR: nothing lost, so all of it is won."""
    ended = [
        Ended("pursuit.8", 1, "won", "CNY", 2, 1, Decimal("500.00")),
        Ended("pursuit.8", 1, "won", "EUR", 1, 1, Decimal(80)),
        Ended("pursuit.8", 1, "lost", "CNY", 1, 1, Decimal("1500.00")),
        Ended("pursuit.8", 1, "cancelled", "CNY", 7, 7, Decimal(9999)),
        Ended("enterprise.5", 1, "completed", None, 1, 0, Decimal(0)),
    ]
    found = win_rate(ended, shipped())
    total = found["total"]
    assert {name: total[name] for name in ("won", "lost", "neither", "win_rate", "few")} == {
        "won": 3,
        "lost": 1,
        "neither": 8,
        "win_rate": "0.7500",
        "few": True,
    }
    assert total["worth"] == [
        {
            "currency": "CNY",
            "won_amount": "500.00",
            "lost_amount": "1500.00",
            "win_rate_by_value": "0.2500",
            "left_out": {"without_amount": 1},
        },
        {
            "currency": "EUR",
            "won_amount": "80.00",
            "lost_amount": "0.00",
            "win_rate_by_value": "1.0000",
            "left_out": {"without_amount": 0},
        },
    ]
    assert [(one["template"], one["win_rate"]) for one in found["templates"]] == [
        ("enterprise.5", None),
        ("pursuit.8", "0.7500"),
    ]


def test_an_outcome_counts_as_its_key_says_unless_the_template_says_otherwise() -> None:
    """None of it is in a template's hash where it is not said."""
    keys = {key: Outcome(key=key, title=TITLE).counts for key in ("won", "lost", "completed")}
    assert keys == {"won": "won", "lost": "lost", "completed": "neither"}
    assert Outcome(key="completed", title=TITLE, counts_as="won").counts == "won"
    assert "counts_as" not in Outcome(key="won", title=TITLE).model_dump(exclude_defaults=True)


def test_overrides_are_divided_by_the_gates_that_were_passed() -> None:
    """Contact: 1 of 4 by the general manager. Together 1 of 10."""
    found = [
        PassedGates(INITIATION, None, 6),
        PassedGates(CONTACT, None, 3),
        PassedGates(CONTACT, "general_manager", 1),
    ]
    shown = overrides(found, STAGES)
    assert shown["total"] == {
        "gates_passed": 10,
        "overridden": 1,
        "override_rate": "0.1000",
        "few": False,
    }
    initiation, contact = shown["stages"]
    assert (initiation["override_rate"], initiation["roles"]) == ("0.0000", [])
    [role] = contact["roles"]
    assert (role["role"], role["title"].zh, role["override_rate"]) == (
        "general_manager",
        "总经理",
        "0.2500",
    )


def test_roles_disagree_where_one_says_advance_and_the_other_does_not() -> None:
    """Marketer and head met 3 + 2 times: twice the marketer advanced alone. Two who hold and reject agree."""
    found = [
        Spoken("pursuit.8", "dept_head", "advance", "marketer=advance", 3),
        Spoken("pursuit.8", "dept_head", "hold", "marketer=advance", 2),
        Spoken("pursuit.8", "general_manager", "reject", "dept_head=hold,marketer=advance", 1),
    ]
    of_manager, heads, marketers = disagreement(found)
    assert of_manager["roles"] == ["dept_head", "general_manager"]
    assert (of_manager["judged_by_both"], of_manager["disagreement"]) == (1, "0.0000")
    assert (heads["roles"], heads["judged_by_both"]) == (["dept_head", "marketer"], 5)
    assert (heads["first_alone_advanced"], heads["second_alone_advanced"]) == (0, 2)
    assert (heads["disagreement"], heads["few"]) == ("0.4000", False)
    assert (marketers["roles"], marketers["disagreement"]) == (
        ["general_manager", "marketer"],
        "1.0000",
    )


def test_a_judge_was_right_to_advance_what_was_won_and_to_stop_what_was_lost() -> None:
    """One: 8 of 10 advances were won, 1 of 2 holds was lost. Of what goes on nobody knows yet."""

    def words(person: UUID, advance: bool, outcome: str | None, judgements: int) -> FirstWords:
        return FirstWords(
            "marketer", person, advance, ("pursuit.8", 1, outcome) if outcome else None, judgements
        )

    found = [
        words(ONE, True, "won", 8),
        words(ONE, True, "lost", 2),
        words(ONE, False, "lost", 1),
        words(ONE, False, "won", 1),
        words(ONE, True, None, 4),
        words(ONE, False, "cancelled", 3),
        words(OTHER, True, "won", 1),
    ]
    shown = calibration(found, shipped(), limit=1)
    [judge] = shown["judges"]
    assert judge["advance"] == {
        "judgements": 10,
        "won": 8,
        "share": "0.8000",
        "low": "0.4902",
        "high": "0.9433",
        "few": False,
    }
    assert (judge["against"]["judgements"], judge["against"]["share"]) == (2, "0.5000")
    assert judge["against"]["few"]
    assert judge["left_out"] == {"open": 4, "neither": 3}
    assert shown["everybody"]["advance"]["won"] == 9
    assert shown["judges_left_out"] == 1
