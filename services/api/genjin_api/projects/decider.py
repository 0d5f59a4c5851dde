"""Commands on a project as a whole: create, header, role holders, suspend, resume. Its end is in closing.py."""

from uuid import UUID

from pydantic import Field

from genjin.projects.events import (
    AccountNamed,
    HeaderChanged,
    ProjectCreated,
    ProjectResumed,
    ProjectSuspended,
    RoleAssigned,
    RoleReleased,
    TemplateReference,
)
from genjin.stages.events import StageEntered
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.changes.control import refuse_uncontrolled
from genjin_api.fields import (
    Command,
    Count,
    Day,
    Key,
    Line,
    OptionalProse,
    Prose,
    example,
)
from genjin_api.projects.access import (
    acting_role,
    refuse_if_closed,
    refuse_stranger,
    refuse_unless_named,
    refuse_unless_open,
)
from genjin_api.projects.appointing import refuse_appointment, refuse_release
from genjin_api.projects.header import controlled_since, header_errors
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found


class CreateProject(Command):
    """项目代号 is `code`, unique in the workspace. The header's fields are those of the template."""

    model_config = example(
        code="XM-2026-001",
        template="pursuit.8",
        header={
            "name": "滨海新区污水处理厂",
            "region": "天津",
            "general_contractor": "华北建工",
            "quoter": "刘洋",
            "department": "水务事业部",
            "expected_amount": "12500000.00",
            "currency": "CNY",
        },
    )

    code: Line = Field(examples=["XM-2026-001"])
    template: str = Field("pursuit.8", max_length=64)
    template_version: Count | None = Field(None, ge=1, description="default: the newest")
    header: dict[str, str] = Field(
        max_length=64, examples=[{"name": "滨海新区污水处理厂", "region": "天津"}]
    )


class ChangeHeader(Command):
    """A JSON merge patch of the header: null takes a field away. change_id: the approved change request that it carries
    out; asked for where the template puts a field of it under change control.
    """

    model_config = example(
        header={"expected_amount": "13200000.00", "quoter": None},
    )

    header: dict[str, str | None] = Field(min_length=1, max_length=64)
    change_id: UUID | None = None


class AssignRole(Command):
    model_config = example(
        role="dept_head",
        person_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
    )

    role: Key
    person_id: UUID


class SuspendProject(Command):
    model_config = example(
        reason="业主资金计划推迟到明年一季度",
        until="2027-01-15",
    )

    reason: Prose
    until: Day | None = None


class ResumeProject(Command):
    model_config = example(
        note="业主确认资金已到位",
    )

    note: OptionalProse = ""


class NameAccount(Command):
    """The customer account that the project is about; null takes it away. The header says what it says."""

    model_config = example(account_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e12")

    account_id: UUID | None


def create(command: CreateProject, template: Template, body_hash: str) -> Decision:
    errors = header_errors(template, dict(command.header))
    if errors:
        return Refusal("field_invalid", "the header does not fit the template", errors=errors)
    reference = TemplateReference(key=template.key, version=template.version, body_hash=body_hash)
    return Decided(
        [
            ProjectCreated(code=command.code, template=reference, header=command.header),
            StageEntered(stage=template.stages[0].key, visit=1, from_stage=None),
        ]
    )


def change_header(
    project: Project, template: Template, command: ChangeHeader, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_stranger(project, caller):
        return refusal
    merged = {**project.header, **command.header}
    if errors := header_errors(template, merged, command.header):
        return Refusal("field_invalid", "the header does not fit the template", errors=errors)
    changed = {
        key: value for key, value in command.header.items() if project.header.get(key) != value
    }
    for since in controlled_since(template, changed):
        if refusal := refuse_uncontrolled(project, template, since, command.change_id):
            return refusal
    fact = HeaderChanged(
        header=changed,
        facts_version=project.course.current.after_a_change,
        change_id=command.change_id,
    )
    return Decided([fact] if changed else [], acting_role(project, caller))


def name_account(project: Project, command: NameAccount, caller: Caller) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_stranger(project, caller):
        return refusal
    known = project.account.account_id if project.account else None
    facts = [] if known == command.account_id else [AccountNamed(account_id=command.account_id)]
    return Decided(facts, acting_role(project, caller))


def assign_role(
    project: Project,
    template: Template,
    command: AssignRole,
    person_name: str | None,
    caller: Caller,
) -> Decision:
    """In a closed project only a role that reopens it, by those who administer the workspace: else nobody could."""
    reopens = caller.administers and command.role in template.reopen_by
    if not reopens and (refusal := refuse_if_closed(project)):
        return refusal
    if command.role not in {role.key for role in template.roles}:
        return field_refusal("field_invalid", "/role", f"the template has no role {command.role}")
    if refusal := refuse_appointment(project, template, command.role, command.person_id, caller):
        return refusal
    if person_name is None:
        return field_refusal(
            "unknown_person", "/person_id", f"no active person {command.person_id}"
        )
    if command.role in project.roles_of(command.person_id):
        return Refusal("role_already_held", f"{person_name} holds the role {command.role} already")
    if refusal := _refuse_combination(project, template, command, person_name):
        return refusal
    fact = RoleAssigned(role=command.role, person_id=command.person_id, person_name=person_name)
    return Decided([fact], acting_role(project, caller))


def _refuse_combination(
    project: Project, template: Template, command: AssignRole, person_name: str
) -> Refusal | None:
    """Roles that one person may not combine, and roles that have one holder."""
    held = set(project.roles_of(command.person_id))
    for exclusive in template.never_both:
        both = held & set(exclusive)
        if command.role in exclusive and both:
            others = " and ".join(sorted(both))
            detail = f"{person_name} holds {others}: nobody holds {command.role} as well"
            return Refusal("roles_exclusive", detail)
    single = any(role.key == command.role and role.single for role in template.roles)
    if single and (holders := project.role_holders.get(command.role)):
        return Refusal(
            "role_taken", f"{holders[0].person_name} holds {command.role}: release it first"
        )
    return None


def release_role(
    project: Project, template: Template, role: str, person_id: UUID, reason: str, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project):
        return refusal
    if role not in project.roles_of(person_id):
        return not_found("role holder", f"{role}/{person_id}")
    if refusal := refuse_release(project, template, role, caller):
        return refusal
    fact = RoleReleased(role=role, person_id=person_id, reason=reason)
    return Decided([fact], acting_role(project, caller))


def suspend(
    project: Project, template: Template, command: SuspendProject, caller: Caller
) -> Decision:
    if refusal := refuse_unless_open(project) or refuse_unless_named(project, template, caller):
        return refusal
    fact = ProjectSuspended(reason=command.reason, until=command.until)
    return Decided([fact], acting_role(project, caller))


def resume(
    project: Project, template: Template, command: ResumeProject, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_unless_named(project, template, caller):
        return refusal
    if project.status != "suspended":
        return Refusal("project_not_suspended", "the project is not suspended")
    return Decided([ProjectResumed(note=command.note)], acting_role(project, caller))
