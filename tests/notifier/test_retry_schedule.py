"""When a failed event is tried again."""

import pytest

from genjin_notifier.retry_schedule import RetrySchedule

SCHEDULE = RetrySchedule((1, 5, 30), jitter=0.2)


@pytest.mark.parametrize(("number", "wait"), [(1, 1), (2, 5), (3, 30), (4, None), (40, None)])
def test_waits_follow_the_schedule_and_then_the_event_is_parked(
    number: int, wait: float | None
) -> None:
    assert SCHEDULE.next_wait(number, None, 0) == wait


def test_jitter_only_lengthens() -> None:
    assert SCHEDULE.next_wait(2, None, 0) == 5
    assert SCHEDULE.next_wait(2, None, 0.5) == 5.5
    assert SCHEDULE.next_wait(2, None, 0.999) == pytest.approx(6, abs=0.01)


@pytest.mark.parametrize(
    ("retry_after", "wait"), [(None, 5), (0, 5), (2, 5), (60, 60), (86_400, 86_400), (1e9, 86_400)]
)
def test_retry_after_only_lengthens_and_at_most_to_a_day(
    retry_after: float | None, wait: float
) -> None:
    assert SCHEDULE.next_wait(2, retry_after, 0) == wait


def test_retry_after_does_not_add_a_try() -> None:
    assert SCHEDULE.next_wait(4, 60, 0) is None


def test_an_empty_schedule_parks_at_the_first_failure() -> None:
    assert RetrySchedule((), 0).next_wait(1, None, 0) is None
