"""What people said of the health of projects: genjin.health_assessment, each word with its position, never changed."""

from genjin_api.projects.state import Project
from genjin_api.streams import Rows


def assessment_rows(before: Project | None, after: Project) -> Rows:
    """The row that an event adds, if it said how the project is."""
    health = after.health
    if health is None or (before is not None and before.health is health):
        return {}
    row = {"project_id": after.id, "version": after.version, "level": health.level}
    return {"health_assessment": [row]}


def is_said_of(project: str) -> str:
    """A condition in SQL: of this project (an expression for its id) :health was the last word on its health by
    :position, in :workspace.
    """
    return f"""
        {project} IN (
            SELECT said.project_id FROM genjin.health_assessment said
             WHERE said.workspace_id = :workspace AND said.level = :health AND said.position <= :position
               AND NOT EXISTS (SELECT FROM genjin.health_assessment later
                                WHERE later.workspace_id = said.workspace_id AND later.project_id = said.project_id
                                  AND later.position > said.position AND later.position <= :position))
    """
