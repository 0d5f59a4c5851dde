"""Up to what a role decides a change: cost and days, what is saved as well as what is spent."""

import pytest

from genjin.changes.events import Impact
from genjin_api.changes.authority import approving_role
from genjin_api.changes.state import ChangeRequest
from genjin_api.refusal import Refusal
from tests.changes.test_decider import ASSESSED, ID, IMPACT, RAISED
from tests.specification import DEPT_HEAD, GENERAL_MANAGER, Story
from tests.stages.rich_telling import begun
from tests.templates.rich import RICH


def change(story: Story, cost: str, days: int) -> ChangeRequest:
    impact = Impact.model_validate(IMPACT | {"cost": cost, "days": days})
    story.tell(DEPT_HEAD, [RAISED, ASSESSED.model_copy(update={"impact": impact})])
    return story.now.change_requests[str(ID)]


@pytest.mark.parametrize(
    ("cost", "days", "decides"),
    [
        ("50000.00", 10, True),
        ("50000.01", 1, False),
        ("-50000.01", 1, False),
        ("1.00", 11, False),
        ("1.00", -11, False),
        ("0", 0, True),
    ],
)
def test_a_role_decides_up_to_its_limits(cost: str, days: int, decides: bool) -> None:
    story = begun()
    asked = change(story, cost, days)
    role = approving_role(story.now, RICH, asked, DEPT_HEAD)
    if decides:
        assert role == "clerk"
    else:
        assert isinstance(role, Refusal)
        assert role.code == "decision_above_authority"


def test_a_role_without_limits_decides_all() -> None:
    story = begun()
    asked = change(story, "99999999.00", 999)
    assert approving_role(story.now, RICH, asked, GENERAL_MANAGER) == "boss"
