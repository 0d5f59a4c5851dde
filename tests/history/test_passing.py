"""What Postgres passes over: never an event that matches, whatever signs its texts hold."""

from typing import Any

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.canonical import canonical_json
from genjin.event import Change
from genjin.history.filter import EventFilter, Term, change_text
from genjin.history.values import Field, Range, moment_of
from genjin_api.history.passing import CONDITIONS, conditions
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

ACTOR = "0193505f-07d8-7816-8c0f-3459f79b17ae"

# Whether an event of a body is not passed over.
STAYS = f"""
SELECT EXISTS (
    SELECT FROM (SELECT $1::text AS body, 'form.completed' AS type, '{ACTOR}'::uuid AS actor_id, NULL AS actor_role,
                        'request' AS request_id, 'correlation' AS correlation_id, 'project-1' AS stream,
                        '2026-03-05T10:00Z'::timestamptz AS occurred_at) AS event
     WHERE {CONDITIONS})
"""


def body_of(word: str, value: Any) -> str:
    return canonical_json(
        {
            "actor": {"id": ACTOR, "name": word, "role": None, "type": "person"},
            "causation_id": word,
            "changes": [{"path": f"/forms/{word}/x", "before": value, "after": value}],
            "data": {"stage": word, "form": word},
            "stream": "project-1",
            "type": "form.completed",
        }
    )


async def stays(connection: asyncpg.Connection, body: str, *terms: Term) -> bool:
    found = await connection.fetchval(STAYS, body, *conditions(EventFilter.of(terms)))
    return bool(found)


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
        assert await stays(connection, body, Term(field, ("another", word))), field
    for path in (f"/forms/{word}/x", f"/forms/{word}/*", "/*"):
        assert await stays(connection, body, Term("path", (path,))), path


@pytest.mark.parametrize("number", range(len(VALUES)))
async def test_a_value_before_or_after_is_found_whatever_it_is(
    connection: asyncpg.Connection, number: int
) -> None:
    """Alone, and beside others of the same change."""
    value = VALUES[number]
    body, text = body_of("word", value), change_text(value)
    before, after = Term("before", (text,)), Term("after", (text, "another"))
    paths = Term("path", ("/forms/word/x",)), Term("path", ("/other", "/forms/*"))
    for asked in [before], [after], [before, after]:
        assert await stays(connection, body, *asked)
        for path in paths:
            assert await stays(connection, body, *asked, path)


async def test_an_event_that_says_something_else_is_passed_over(
    connection: asyncpg.Connection,
) -> None:
    body = body_of("a_b", "open")
    others = (
        Term("causation_id", ("a.b",)),
        Term("subject", ("a%",)),
        Term("path", ("/forms/a_b",)),
        Term("path", ("/x/*",)),
        Term("before", ("closed",)),
        Term("after", ("",)),
        Term("after", ("a_b",)),
        Term("actor_type", ("system",)),
        Term("type", ("form.*",), negated=True),
        Term("actor", (ACTOR,), negated=True),
        Term("actor_type", ("system", "person"), negated=True),
    )
    assert [term for term in others if await stays(connection, body, term)] == []
    assert await stays(connection, body, Term("stage", ("b",)))  # a part of a text


async def test_values_of_two_changes_are_passed_over(connection: asyncpg.Connection) -> None:
    changes = [Change("/a", 1, 2).document(), Change("/b", 2, 3).document()]
    body = canonical_json({"actor": {}, "causation_id": None, "changes": changes})
    assert await stays(connection, body, Term("before", ("2",)), Term("path", ("/b",)))
    assert not await stays(connection, body, Term("before", ("2",)), Term("path", ("/a",)))
    assert not await stays(connection, body, Term("before", ("1",)), Term("after", ("3",)))


async def test_an_event_that_is_not_what_is_refused_stays(connection: asyncpg.Connection) -> None:
    """Whoever's name says it, and where there is no role at all."""
    body = body_of('"type":"system"},"causation_id":', '},"type":"system"}')
    refused = (
        Term("actor_type", ("system",), negated=True),
        Term("type", ("form.co_pleted",), negated=True),
        Term("role", ("marketer",), negated=True),
        Term("path", ("/forms/*",), negated=True),
        Term("stream", ("project-1",), negated=True),
        Term("occurred", (Range(OCCURRED, None),), negated=True),
    )
    assert [term for term in refused if not await stays(connection, body, term)] == []


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
    start, end = conditions(EventFilter.of(terms))[9:11]
    inside = all(any(time in Range(*pair) for pair in pairs) for pairs in asked)
    moment = moment_of(time)
    if inside:
        assert (start is None or start <= moment) and (end is None or moment < end)
