"""Which event types a subscription's patterns cover."""

import pytest

from genjin_notifier.subscriptions import matches


@pytest.mark.parametrize(
    ("patterns", "event_type", "covered"),
    [
        (["*"], "stage.advanced", True),
        (["stage.advanced"], "stage.advanced", True),
        (["stage.advanced"], "stage.advanced_back", False),
        (["stage.*"], "stage.advanced", True),
        (["stage.*"], "stages.advanced", False),
        (["stage.*"], "stage", False),
        (["risk.*", "stage.judged"], "stage.judged", True),
        (["risk.*", "stage.judged"], "stage.advanced", False),
        ([], "stage.advanced", False),
    ],
)
def test_a_pattern_is_a_type_or_its_beginning(
    patterns: list[str], event_type: str, covered: bool
) -> None:
    assert matches(patterns, event_type) is covered
