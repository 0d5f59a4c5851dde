"""What Postgres passes over: never an event that matches, whatever signs its texts hold."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.canonical import canonical_json
from genjin.history.filter import EventFilter, Term, change_text
from genjin.history.values import Field, Range, moment_of
from genjin_api.history.passing import conditions
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.history.asked import INSTANTS

WORDS = (
    "100%",
    "a_b",
    "C:\\temp",
    'say "hello"',
    "one\ntwo",
    "~1",
    "华北",
    "null",
    '{"a":1}',
    "\\",
)
VALUES: tuple[Any, ...] = (
    *WORDS,
    "",
    None,
    True,
    12.50,
    -3,
    [],
    ["a", 1],
    {"b": {"ä": '"'}, "a": 1},
)
OCCURRED = "2026-03-05T10:00:00.000000Z"

# Whether a body has one of the texts of each term that is looked for in it.
HAS = """
SELECT ($2::text[] IS NULL OR $1::text LIKE ANY ($2)) AND ($3::text[] IS NULL OR $1::text LIKE ANY ($3))
"""


def body_of(word: str, value: Any) -> str:
    return canonical_json(
        {
            "actor": {"id": "p", "name": word, "role": None, "type": "person"},
            "causation_id": word,
            "changes": [{"path": f"/forms/{word}/x", "before": value, "after": value}],
            "data": {"stage": word, "form": word},
            "stream": "project-1",
            "type": "form.completed",
        }
    )


def asked_for(field: Field, *values: str) -> list[Any]:
    """The texts that are looked for in bodies."""
    return conditions(EventFilter.of([Term(field, values)]))[-2:]


@pytest.fixture
async def connection(postgres: EmbeddedPostgres) -> Any:
    made = await asyncpg.connect(postgres.dsn())
    yield made
    await made.close()


@pytest.mark.parametrize("number", range(len(WORDS)))
async def test_a_text_is_found_whatever_signs_it_holds(
    connection: asyncpg.Connection, number: int
) -> None:
    word = WORDS[number]
    body = body_of(word, None)
    fields: tuple[Field, ...] = ("causation_id", "subject", "stage")
    for field in fields:
        assert await connection.fetchval(HAS, body, *asked_for(field, "another", word)), field
    for path in (f"/forms/{word}/x", f"/forms/{word}/*", "/*"):
        assert await connection.fetchval(HAS, body, *asked_for("path", path)), path


@pytest.mark.parametrize("number", range(len(VALUES)))
async def test_a_value_before_or_after_is_found_whatever_it_is(
    connection: asyncpg.Connection, number: int
) -> None:
    value = VALUES[number]
    body, text = body_of("word", value), change_text(value)
    assert await connection.fetchval(HAS, body, *asked_for("before", text))
    assert await connection.fetchval(HAS, body, *asked_for("after", text, "another"))


async def test_an_event_that_says_something_else_is_passed_over(
    connection: asyncpg.Connection,
) -> None:
    body = body_of("a_b", "open")
    others: tuple[tuple[Field, str], ...] = (
        ("causation_id", "a.b"),
        ("subject", "a%"),
        ("stage", "b"),
        ("path", "/forms/a_b"),
        ("path", "/x/*"),
        ("before", "closed"),
        ("after", ""),
        ("after", "a_b"),
    )
    passed = [
        (field, value)
        for field, value in others
        if not await connection.fetchval(HAS, body, *asked_for(field, value))
    ]
    assert passed == [other for other in others if other != ("stage", "b")]  # a part of a text


def test_a_negated_term_passes_nothing_over() -> None:
    terms = [
        Term("path", ("/header/*",), negated=True),
        Term("type", ("stage.*",), negated=True),
        Term("stream", ("project-1",), negated=True),
        Term("occurred", (Range(OCCURRED, None),), negated=True),
    ]
    assert not any(conditions(EventFilter.of(terms)))


def test_a_project_is_asked_for_by_its_stream() -> None:
    asked = EventFilter.of([Term("project", ("1", "2"))])
    assert ["project-1", "project-2"] in conditions(asked)


@given(
    st.lists(
        st.lists(st.tuples(st.none() | INSTANTS, st.none() | INSTANTS), min_size=1, max_size=3),
        min_size=1,
        max_size=3,
    ),
    INSTANTS,
)
def test_the_times_asked_of_postgres_hold_every_time_that_matches(
    asked: list[list[tuple[str | None, str | None]]], time: str
) -> None:
    terms = [Term("occurred", tuple(Range(*pair) for pair in pairs)) for pairs in asked]
    start, end = conditions(EventFilter.of(terms))[6:8]
    inside = all(any(time in Range(*pair) for pair in pairs) for pairs in asked)
    moment = moment_of(time)
    if inside:
        assert (start is None or start <= moment) and (end is None or moment < end)
