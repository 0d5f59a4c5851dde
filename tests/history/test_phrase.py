"""The phrase language: what it says, what it refuses and where, and that nothing is lost on the way there and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.history.filter import EventFilter, Term
from genjin.history.phrase import PHRASE_CHARACTERS_MAX, PhraseError, parse_phrase, to_phrase
from genjin.history.values import Range
from tests.history.asked import filters

PERSON = "0198f3a0-0000-7000-8000-000000000001"


def parsed(text: str) -> EventFilter:
    found = parse_phrase(text)
    assert isinstance(found, EventFilter), found
    return found


def refused(text: str) -> PhraseError:
    found = parse_phrase(text)
    assert isinstance(found, PhraseError), found
    return found


@given(filters())
def test_a_filter_comes_back_from_its_phrase(asked: EventFilter) -> None:
    assert parse_phrase(to_phrase(asked)) == asked


@given(st.text(max_size=60))
def test_any_text_is_a_filter_or_an_error_that_points_into_it(text: str) -> None:
    found = parse_phrase(text)
    if isinstance(found, EventFilter):
        assert parse_phrase(to_phrase(found)) == found
    else:
        assert 1 <= found.column <= len(text) + 1
        assert text[found.column - 1 :].startswith(found.token)


def test_a_phrase_of_many_terms_says_all_of_them() -> None:
    asked = parsed(
        f"type:stage.*,form.signed actor:{PERSON.upper()} -role:marketer "
        "recorded:2026-01-01..2026-02-01 path:/header/region position:10.."
    )
    assert asked == EventFilter.of(
        [
            Term("type", ("form.signed", "stage.*")),
            Term("actor", (PERSON,)),
            Term("role", ("marketer",), negated=True),
            Term(
                "recorded", (Range("2026-01-01T00:00:00.000000Z", "2026-02-01T00:00:00.000000Z"),)
            ),
            Term("path", ("/header/region",)),
            Term("position", (Range(10, None),)),
        ]
    )


def test_the_order_of_terms_and_of_values_says_nothing() -> None:
    one = parsed("role:a,b type:* role:a,b")
    assert one == parsed("type:* role:b,a,a")
    assert to_phrase(one) == "role:a,b type:*"


def test_quotation_marks_hold_blanks_commas_and_themselves() -> None:
    asked = parsed(r'after:"滨海 新区, \"A\\B\"" before:""')
    assert asked == EventFilter.of([Term("after", (r'滨海 新区, "A\B"',)), Term("before", ("",))])


def test_a_day_alone_is_that_day_and_times_are_put_into_utc() -> None:
    assert parsed("occurred:2026-02-28") == parsed("occurred:2026-02-28..2026-03-01")
    assert parsed("occurred:2026-02-28T08:00:00+08:00..") == parsed("occurred:2026-02-28..")


def test_a_position_alone_is_that_position() -> None:
    assert parsed("position:7") == parsed("position:7..8")


def test_no_phrase_asks_for_everything() -> None:
    assert parsed("  ") == EventFilter()


@pytest.mark.parametrize(
    ("text", "column", "token", "rule"),
    [
        ("role", 1, "role", "field:value"),
        ("role:a colour:red", 8, "colour:red", "must be one of the fields"),
        ("-colour:red", 2, "colour:red", "must be one of the fields"),
        ("--role:a", 1, "--role:a", "field:value"),
        ("role:", 6, "", "must have a value"),
        ("role:a,", 8, "", "must have a value"),
        ('role:"a', 6, '"a', "must end in a quotation mark"),
        (r'role:"a\n"', 6, r'"a\n"', "must end in a quotation mark"),
        ('role:"a"b', 9, "b", "a blank or a comma"),
        ('role:""', 6, '""', "must not be empty"),
        ("actor:王芳", 7, "王芳", "must be a UUID"),
        ("type:Stage.*", 6, "Stage.*", "must be as stage.advanced"),
        ("path:header", 6, "header", "must be a JSON Pointer"),
        ("path:/a~2", 6, "/a~2", "must be a JSON Pointer"),
        ("recorded:..", 10, "..", "must be as 2026-01-01..2026-02-01"),
        ("recorded:2026-01-01T00:00:00..", 10, "2026-01-01T00:00:00..", "must be as"),
        ("recorded:2026-02-30", 10, "2026-02-30", "must be as"),
        ("occurred:2026-02-01..2026-01-01", 10, "2026-02-01..2026-01-01", "before it starts"),
        ("position:-1..", 10, "-1..", "must be as 100..200"),
        ("role:" + ",".join("abcdefghijklmnopqrstu"), 46, "u", "at most 20 values"),
        ("role:a " * 21, 141, "role:a", "at most 20 terms"),
        ("role:" + "a" * 257, 6, "a" * 100, "at most 256 characters"),
        ("role:a\x00", 6, "a\x00", "U+0000"),
    ],
)
def test_a_refusal_names_the_token_its_column_and_the_rule(
    text: str, column: int, token: str, rule: str
) -> None:
    error = refused(text)
    assert (error.column, error.token) == (column, token)
    assert rule in error.rule


def test_a_phrase_has_a_length() -> None:
    assert "4000 characters" in refused("role:a ".ljust(PHRASE_CHARACTERS_MAX + 1, " ")).rule
