"""The cheap replace does what that of dataclasses does."""

from dataclasses import FrozenInstanceError, dataclass
from dataclasses import replace as reference

import pytest

from genjin_api.replacing import replace


@dataclass(frozen=True)
class Wide:
    a: int
    b: str = "b"


def test_the_copy_has_the_changes_and_the_original_has_not() -> None:
    before = Wide(1)
    after = replace(before, a=2)
    assert (before, after) == (Wide(1), Wide(2)) == (before, reference(before, a=2))
    assert replace(after, a=1) == before


def test_the_copy_is_frozen_too() -> None:
    with pytest.raises(FrozenInstanceError):
        replace(Wide(1), a=2).a = 3  # type: ignore[misc]  # that it cannot be assigned is the point


def test_a_field_that_does_not_exist_is_named() -> None:
    with pytest.raises(TypeError, match="other"):
        replace(Wide(1), other=2)  # type: ignore[call-arg]  # the checker refuses it as well
