"""Every event ever written can be read, as what it was meant to say.

A fact that is new, whose schema_version was raised, or that was given an optional field:
    python -m tests.golden.write
writes the golden event from its example (examples.py), through the real log. A raised schema_version leaves the old
file as it is, but for `fact`, which is rewritten by hand: it says what the upcast must make of the old event.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from pydantic import ValidationError

from genjin.catalog import FACTS, UnknownEventTypeError, UnknownSchemaVersionError, decode, upcast
from genjin.event import Fact, Upcast
from tests.golden.examples import EXAMPLES
from tests.golden.files import all_golden, extends, shape_of

GOLDEN = all_golden()


def test_every_version_of_every_fact_has_a_golden_event_and_every_older_one_an_upcast() -> None:
    for type_, fact in FACTS.items():
        versions = range(1, fact.schema_version + 1)
        assert [version for version in versions if (type_, version) not in GOLDEN] == [], type_
        assert sorted(fact.upcasts) == list(versions)[:-1], type_


def test_a_golden_event_says_what_it_always_said() -> None:
    for key, golden in GOLDEN.items():
        fact = decode(*key, golden.event["data"])
        assert fact.model_dump(mode="json", exclude_unset=True) == golden.fact, key


def test_a_class_changes_its_shape_with_its_schema_version_alone() -> None:
    for type_, fact in FACTS.items():
        assert shape_of(fact) == GOLDEN[type_, fact.schema_version].shape, type_


def test_a_golden_event_of_today_is_its_example() -> None:
    for type_, example in EXAMPLES.items():
        fact = FACTS[type_].model_validate(example).model_dump(mode="json")
        assert fact.items() >= GOLDEN[type_, FACTS[type_].schema_version].fact.items(), type_


class Weighed(Fact):
    """A fact in its third shape: pounds became kilograms, then the scale was named."""

    type: ClassVar[str] = "test.weighed"
    schema_version: ClassVar[int] = 3
    upcasts: ClassVar[Mapping[int, Upcast]] = {
        1: lambda data: {"kilograms": data["pounds"] * 0.5},
        2: lambda data: {**data, "scale": "unknown"},
    }
    kilograms: float
    scale: str


@pytest.mark.parametrize(
    ("schema_version", "data"),
    [
        (1, {"pounds": 4}),
        (2, {"kilograms": 2.0}),
        (3, {"kilograms": 2.0, "scale": "unknown"}),
    ],
)
def test_an_old_shape_is_brought_up_step_by_step(schema_version: int, data: dict[str, Any]) -> None:
    brought = Weighed.model_validate(upcast(Weighed, schema_version, data))
    assert brought == Weighed(kilograms=2.0, scale="unknown")


@pytest.mark.parametrize("schema_version", [0, 4])
def test_a_shape_that_nobody_knows_is_refused_by_name(schema_version: int) -> None:
    with pytest.raises(
        UnknownSchemaVersionError, match=rf"test\.weighed .* {schema_version}, .* knows 1 to 3"
    ):
        upcast(Weighed, schema_version, {})


def test_an_event_that_nobody_knows_is_refused_by_name() -> None:
    with pytest.raises(UnknownEventTypeError, match=r"stage.dreamt"):
        decode("stage.dreamt", 1, {})


class Marked(Fact):
    type: ClassVar[str] = "test.marked"
    by: str


class MarkedMore(Marked):
    note: str | None = None


class MarkedOtherwise(Marked):
    note: str


def test_an_optional_field_more_keeps_the_version_and_a_required_one_does_not() -> None:
    assert extends(shape_of(Marked), shape_of(MarkedMore))
    assert not extends(shape_of(Marked), shape_of(MarkedOtherwise))
    assert not extends(shape_of(MarkedMore), shape_of(Marked))
    with pytest.raises(ValidationError):
        MarkedOtherwise.model_validate({"by": "x"})
