"""What writes on a stage are answered with."""

from typing import Any

from genjin_api.http.documents import answer_of
from genjin_api.projects.projection import card
from genjin_api.projects.state import Project
from genjin_api.stages.projection import visit_document
from genjin_api.stages.state import Visit

VisitAnswer = answer_of("visit", Visit)


def current_visit(project: Project) -> dict[str, Any]:
    return {"visit": visit_document(project.course.current), "project": card(project)}
