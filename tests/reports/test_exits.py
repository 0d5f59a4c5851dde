"""What the exit from a stage tells of the entry."""

from dataclasses import replace
from datetime import timedelta

from genjin.projects.events import ProjectClosed, TemplateMigrated
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.reports.projection import counted_rows
from tests.projects.histories import random_story
from tests.reports.portfolio import OTHER_TEMPLATE


def test_an_exit_names_the_template_by_which_the_visit_began() -> None:
    """The project went over to another template twice meanwhile, and its stage went on."""
    told = random_story(3, steps=12).told
    project: Project | None = None
    for fact, stamp in told:
        project = evolve(project, fact, stamp)  # type: ignore[arg-type]  # facts of a project's stream
    assert project is not None and project.status == "open"
    begun_by, visit = project.template, project.course.current
    for template in (OTHER_TEMPLATE, OTHER_TEMPLATE.model_copy(update={"version": 2})):
        stamp = replace(stamp, version=stamp.version + 1)
        migrated = TemplateMigrated(
            from_template=project.template,
            to_template=template,
            stages={},
            roles={},
            reason="改版",
            facts_version=stamp.version,
        )
        project = evolve(project, migrated, stamp)
    late = stamp.occurred_at + timedelta(days=1)
    stamp = replace(stamp, version=stamp.version + 1, occurred_at=late)
    closed = ProjectClosed(outcome="won", reason_code=None, reason="", receipt=None)
    [left] = counted_rows(project, evolve(project, closed, stamp))["stage_exit"]
    assert (left["template_key"], left["template_version"]) == (OTHER_TEMPLATE.key, 2)
    began = left["entered_template_key"], left["entered_template_version"]
    assert began == (begun_by.key, begun_by.version)
    assert (left["entered_at"], left["number"]) == (visit.entered_at, visit.number)
