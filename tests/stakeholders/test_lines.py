"""Reporting lines, whatever is asked in whatever order, never come back to where they began."""

from functools import partial
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from genjin_api.acting import Decision
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import ChangeStakeholder, RemoveStakeholder
from genjin_api.stakeholders.lines import chain_above, lines_of
from genjin_api.stakeholders.state import active
from tests.specification import MARKETER
from tests.stakeholders.story import PEOPLE, story_with_everybody


def _change(who: UUID, command: ChangeStakeholder, project: Project) -> Decision:
    return decider.change(project, who, command, MARKETER)


STEPS = st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from([*PEOPLE, None])), max_size=20)


@given(STEPS, st.sampled_from(PEOPLE))
def test_every_line_ends(asked: list[tuple[UUID, UUID | None]], leaving: UUID) -> None:
    story = story_with_everybody()
    for who, above in asked:
        command, known = ChangeStakeholder(reports_to=above), lines_of(story.now.stakeholders)
        returns = above is not None and who in chain_above(known, above)
        told = story.do(MARKETER, partial(_change, who, command))
        assert isinstance(told, Refusal) == returns
    gone = RemoveStakeholder(reason="调离")
    story.did(MARKETER, lambda project: decider.remove(project, leaving, gone, MARKETER))
    after = story.now.stakeholders
    for one in active(after):
        chain = chain_above(lines_of(after), one.id)
        assert after[str(chain[-1])].reports_to is None
        assert leaving not in chain[1:]
