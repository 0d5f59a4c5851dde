"""What expressions of a template read of a project."""

from datetime import UTC, datetime

import pytest

from genjin_api.acting import Moment
from genjin_api.stages.gate.values import Values
from tests.small_template import SMALL
from tests.specification import A_PROJECT, given


@pytest.mark.parametrize(
    ("time_zone", "days"), [("Asia/Shanghai", 1), ("UTC", 0), ("America/New_York", 1)]
)
def test_days_are_those_of_the_workspace_s_calendar(time_zone: str, days: int) -> None:
    """The project begins at 01:01 UTC: in New York the day before."""
    moment = Moment(datetime(2026, 3, 2, 17, tzinfo=UTC), time_zone)
    project = Values(given(A_PROJECT).now, SMALL, moment).all["project"]
    assert (project["age_days"], project["days_in_stage"]) == (days, days)
