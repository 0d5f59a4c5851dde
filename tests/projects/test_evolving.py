"""A project goes on with whatever its stream may hold."""

from genjin.catalog import ProjectStreamFact, members
from genjin_api.projects.evolving import FOLDS, OF_THE_CLOCK


def test_every_fact_of_a_projects_stream_has_its_fold() -> None:
    assert FOLDS.keys() | OF_THE_CLOCK == set(members(ProjectStreamFact))
    assert not FOLDS.keys() & OF_THE_CLOCK
