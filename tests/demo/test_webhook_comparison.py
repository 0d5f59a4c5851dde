"""The demo's last question: is what was received what the log holds?"""

from typing import Any

from genjin_deploy.demo_story.webhooks import Received, differences, of_project

LOG = [
    {"id": f"e{version}", "type": "stage.judged", "version": version, "position": 10 + version}
    for version in (1, 2, 3)
]


def delivery(version: int, **otherwise: Any) -> dict[str, Any]:
    told = {"id": f"e{version}", "type": "stage.judged", "position": 10 + version}
    return {**told, "sequence": version, **otherwise}


def test_the_same_events_in_the_same_order_have_no_differences() -> None:
    assert differences(LOG, [delivery(1), delivery(2), delivery(3)]) == []


def test_a_missing_event_is_named() -> None:
    [found] = differences(LOG, [delivery(1), delivery(3)])
    assert found == "not received: stage.judged (version 2, position 12)"


def test_an_event_out_of_order_is_named() -> None:
    [found] = differences(LOG, [delivery(2), delivery(1), delivery(3)])
    assert found == "out of order: version 1 after version 2"


def test_an_event_that_arrived_as_something_else_is_named() -> None:
    [found] = differences(LOG, [delivery(1), delivery(2, position=99), delivery(3)])
    assert found.startswith("received otherwise: stage.judged (version 2, position 12)")


def test_of_a_repeated_delivery_the_first_counts_and_other_projects_do_not() -> None:
    received = Received([delivery(1), delivery(7), delivery(2), delivery(1), delivery(3)], 0)
    assert differences(LOG, of_project(received, LOG)) == []
