"""Shapes of a project in the API's answers, for OpenAPI; projection.card makes them."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from genjin_api.projects.role_holders import RoleHolder
from genjin_api.projects.status import Closing, Suspension


class TemplateName(BaseModel):
    key: str
    version: int


class Counts(BaseModel):
    open_follow_ups: int
    requirements: int
    undecided_changes: int
    open_risks: int
    open_milestones: int
    open_findings: int
    corrected_receipts: int


class ProjectDocument(BaseModel):
    """A project at a glance. version is what If-Match takes."""

    id: UUID
    code: str
    template: TemplateName
    header: dict[str, str]
    status: str
    stage: str
    visit: int
    entered_stage_at: datetime
    facts_version: int
    role_holders: dict[str, list[RoleHolder]]
    suspension: Suspension | None
    closing: Closing | None
    counts: Counts
    created_at: datetime
    created_by: UUID
    updated_at: datetime
    version: int
