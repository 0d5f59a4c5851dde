"""Commands on a project as a whole: create, header, role holders, suspend, resume, close, reopen."""

from typing import Any
from uuid import UUID

from pydantic import Field

from genjin.projects.events import (
    HeaderChanged,
    ProjectClosed,
    ProjectCreated,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
    RoleAssigned,
    RoleReleased,
    TemplateReference,
)
from genjin.stages.events import StageEntered
from genjin.templates.model import Template
from genjin.templates.registers import Outcome
from genjin_api.acting import Caller, Decided, Decision, Moment
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
    refuse_outsider,
    refuse_unless_open,
)
from genjin_api.projects.header import header_errors
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.stages.passing import pass_gate


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
    """A JSON merge patch of the header: null takes a field away."""

    model_config = example(
        header={"expected_amount": "13200000.00", "quoter": None},
    )

    header: dict[str, str | None] = Field(min_length=1, max_length=64)


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


class CloseProject(Command):
    """Outcomes and their reason codes are the template's."""

    model_config = example(
        outcome="lost",
        reason_code="price",
        reason="报价高出第一名约百分之六",
    )

    outcome: Key
    reason_code: Key | None = None
    reason: OptionalProse = ""


class ReopenProject(Command):
    model_config = example(
        reason="第一中标人放弃，业主重新邀请",
        to_stage="negotiation",
    )

    reason: Prose
    to_stage: Key


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
    if refusal := refuse_if_closed(project) or _refuse_stranger(project, caller):
        return refusal
    if errors := header_errors(template, {**project.header, **command.header}):
        return Refusal("field_invalid", "the header does not fit the template", errors=errors)
    changed = {
        key: value for key, value in command.header.items() if project.header.get(key) != value
    }
    return Decided([HeaderChanged(header=changed)] if changed else [], acting_role(project, caller))


def assign_role(
    project: Project,
    template: Template,
    command: AssignRole,
    person_name: str | None,
    caller: Caller,
) -> Decision:
    if refusal := refuse_if_closed(project) or _refuse_stranger(project, caller):
        return refusal
    if command.role not in {role.key for role in template.roles}:
        return field_refusal("field_invalid", "/role", f"the template has no role {command.role}")
    if person_name is None:
        return field_refusal(
            "unknown_person", "/person_id", f"no active person {command.person_id}"
        )
    if command.role in project.roles_of(command.person_id):
        return Refusal("role_already_held", f"{person_name} holds the role {command.role} already")
    fact = RoleAssigned(role=command.role, person_id=command.person_id, person_name=person_name)
    return Decided([fact], acting_role(project, caller))


def release_role(
    project: Project, role: str, person_id: UUID, reason: str, caller: Caller
) -> Decision:
    if refusal := refuse_if_closed(project) or _refuse_stranger(project, caller):
        return refusal
    if role not in project.roles_of(person_id):
        return not_found("role holder", f"{role}/{person_id}")
    fact = RoleReleased(role=role, person_id=person_id, reason=reason)
    return Decided([fact], acting_role(project, caller))


def suspend(project: Project, command: SuspendProject, caller: Caller) -> Decision:
    if refusal := refuse_unless_open(project) or refuse_outsider(project, caller):
        return refusal
    fact = ProjectSuspended(reason=command.reason, until=command.until)
    return Decided([fact], acting_role(project, caller))


def resume(project: Project, command: ResumeProject, caller: Caller) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if project.status != "suspended":
        return Refusal("project_not_suspended", "the project is not suspended")
    return Decided([ProjectResumed(note=command.note)], acting_role(project, caller))


def close(
    project: Project, template: Template, command: CloseProject, caller: Caller, moment: Moment
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    outcome = next((known for known in template.outcomes if known.key == command.outcome), None)
    if outcome is None:
        return field_refusal(
            "field_invalid", "/outcome", f"the template has no outcome {command.outcome}"
        )
    if refusal := _refuse_reason(outcome, command):
        return refusal
    receipt = None
    if outcome.final_gate_only:
        passed = _pass_final_gate(project, template, outcome, caller, moment)
        if isinstance(passed, Refusal):
            return passed
        receipt = passed
    fact = ProjectClosed(
        outcome=command.outcome,
        reason_code=command.reason_code,
        reason=command.reason,
        receipt=receipt,
    )
    return Decided([fact], acting_role(project, caller))


def reopen(
    project: Project, template: Template, command: ReopenProject, caller: Caller
) -> Decision:
    if refusal := refuse_outsider(project, caller):
        return refusal
    if project.status != "closed":
        return Refusal("project_not_closed", "the project is not closed")
    if not project.course.visits_to(command.to_stage):
        return field_refusal(
            "field_invalid", "/to_stage", f"the project never was in stage {command.to_stage}"
        )
    visit = project.course.visits_to(command.to_stage) + 1
    reopened = ProjectReopened(to_stage=command.to_stage, visit=visit, reason=command.reason)
    entered = StageEntered(
        stage=command.to_stage, visit=visit, from_stage=project.course.current.stage
    )
    return Decided([reopened, entered], acting_role(project, caller))


def _refuse_stranger(project: Project, caller: Caller) -> Refusal | None:
    """Who set the project up, and the workspace's owners and admins, look after it as its role holders do."""
    if caller.administers or caller.person_id == project.created_by:
        return None
    return refuse_outsider(project, caller)


def _refuse_reason(outcome: Outcome, command: CloseProject) -> Refusal | None:
    codes = [choice.key for choice in outcome.reasons]
    if command.reason_code is not None and command.reason_code not in codes:
        detail = (
            f"must be one of {', '.join(codes)}" if codes else f"{outcome.key} takes no reason code"
        )
        return field_refusal("field_invalid", "/reason_code", detail)
    if outcome.reason_required and codes and command.reason_code is None:
        return field_refusal(
            "reason_required", "/reason_code", f"must be one of {', '.join(codes)}"
        )
    if outcome.reason_required and not codes and not command.reason:
        return field_refusal("reason_required", "/reason", f"{outcome.key} needs a reason")
    return None


def _pass_final_gate(
    project: Project, template: Template, outcome: Outcome, caller: Caller, moment: Moment
) -> dict[str, Any] | Refusal:
    visit = project.course.current
    if project.status == "suspended":
        return Refusal("project_suspended", "the project is suspended: resume it first")
    if template.stage(visit.stage).exits:
        return Refusal("not_at_final_gate", f"{outcome.key} is possible from the last stage alone")
    role = acting_role(project, caller)
    return pass_gate(project, template, moment.today, role=role, name="last gate")
