"""Facts of a project as a whole (stream project-<id>, which holds the facts of its stages, forms and so on as well)."""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from genjin.event import Fact


class TemplateReference(BaseModel):
    """The process template version that a project is pinned to, with the hash of its content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    version: int
    body_hash: str


class ProjectCreated(Fact):
    type: ClassVar[str] = "project.created"
    code: str
    template: TemplateReference
    header: dict[str, str]


class HeaderChanged(Fact):
    """header holds the changed fields alone; null takes a field away. facts_version is set where somebody had judged or
    approved in the current visit, for that rests on the header too; else null, as in events of before it was told.
    change_id: the approved change request that this carries out, where one was named.
    """

    type: ClassVar[str] = "project.header_changed"
    header: dict[str, str | None]
    facts_version: int | None = None
    change_id: UUID | None = None


class RoleAssigned(Fact):
    type: ClassVar[str] = "project.role_assigned"
    role: str
    person_id: UUID
    person_name: str


class RoleReleased(Fact):
    type: ClassVar[str] = "project.role_released"
    role: str
    person_id: UUID
    reason: str


class ProjectSuspended(Fact):
    type: ClassVar[str] = "project.suspended"
    reason: str
    until: date | None


class ProjectResumed(Fact):
    type: ClassVar[str] = "project.resumed"
    note: str


class ProjectClosed(Fact):
    """receipt is that of the last gate where the outcome needs it (won), else null."""

    type: ClassVar[str] = "project.closed"
    outcome: str
    reason_code: str | None
    reason: str
    receipt: dict[str, Any] | None


class ProjectReopened(Fact):
    type: ClassVar[str] = "project.reopened"
    to_stage: str
    visit: int
    reason: str


class TemplateMigrated(Fact):
    """The project goes on by another template version. stages and roles map old keys to new ones where they differ;
    what it passed stays passed, and what was set for a stage goes on under its new key. facts_version is the current
    visit's: its judgements are asked for anew.
    """

    type: ClassVar[str] = "project.template_migrated"
    from_template: TemplateReference
    to_template: TemplateReference
    stages: dict[str, str]
    roles: dict[str, str]
    reason: str
    facts_version: int


class AccountNamed(Fact):
    """The customer account that the project is about; null: no longer one."""

    type: ClassVar[str] = "project.account_named"
    account_id: UUID | None


ProjectFact = (
    ProjectCreated
    | HeaderChanged
    | RoleAssigned
    | RoleReleased
    | ProjectSuspended
    | ProjectResumed
    | ProjectClosed
    | ProjectReopened
    | TemplateMigrated
    | AccountNamed
)
