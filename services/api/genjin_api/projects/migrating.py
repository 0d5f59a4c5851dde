"""Moving a running project to another template version: an explicit mapping, tried first, and what it passed stays."""

from collections.abc import Mapping
from itertools import combinations

from pydantic import Field

from genjin.projects.events import TemplateMigrated, TemplateReference
from genjin.stages.events import StageEntered
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.engagements.state import linked
from genjin_api.fields import Command, Count, Key, Prose, example
from genjin_api.projects.access import acting_role, refuse_if_closed
from genjin_api.projects.passed_over import passed_before, passed_over
from genjin_api.projects.role_holders import renamed_holders
from genjin_api.projects.state import Project
from genjin_api.refusal import FieldError, Refusal, pointer

STAGES_MAX = 64


class MigrateProject(Command):
    """Old keys to new ones, where they differ: what the new version has by the same key keeps it. Of the stages the
    active one needs a place, no further than the gates that the project has passed lead; a passed stage that has
    another key now is named too, so that it counts. Forms keep their keys: those that the new version does not have
    stay readable, and no gate asks for them.
    """

    model_config = example(
        template="delivery.3",
        template_version=2,
        stages={"contact": "first_contact"},
        roles={"quoter": "estimator"},
        reason="改用新版流程",
    )

    template: str | None = Field(None, max_length=64, description="default: the same")
    template_version: Count | None = Field(None, ge=1, description="default: the newest")
    stages: Mapping[Key, Key] = Field(default={}, max_length=STAGES_MAX)
    roles: Mapping[Key, Key] = Field(default={}, max_length=STAGES_MAX)
    reason: Prose


def migrate(
    project: Project,
    pinned: Template,
    target: Template,
    body_hash: str,
    command: MigrateProject,
    caller: Caller,
) -> Decision:
    """For owners and admins of the workspace, whatever they are in the project."""
    if not caller.administers:
        detail = "only owners and admins of the workspace move a project to another version"
        return Refusal("role_not_allowed", detail)
    return migration(project, pinned, target, body_hash, command, caller)


def migration(
    project: Project,
    pinned: Template,
    target: Template,
    body_hash: str,
    command: MigrateProject,
    caller: Caller,
) -> Decision:
    """What a migration comes to, whoever asks: everybody may try one."""
    if refusal := refuse_if_closed(project):
        return refusal
    role = acting_role(project, caller)
    if (project.template.key, project.template.version) == (target.key, target.version):
        return Decided([], role)
    if refusal := _refuse_kind(project, target):
        return refusal
    if errors := _errors(project, pinned, target, command):
        return Refusal("mapping_incomplete", "the mapping leaves something out", errors=errors)
    visit = project.course.current
    stages = {old: new for old, new in command.stages.items() if old != new}
    stage = stages.get(visit.stage, visit.stage)
    fact = TemplateMigrated(
        from_template=project.template,
        to_template=TemplateReference(key=target.key, version=target.version, body_hash=body_hash),
        stages=stages,
        roles=dict(command.roles),
        reason=command.reason,
        facts_version=visit.facts_version + 1,
    )
    if stage == visit.stage:
        return Decided([fact], role)
    number = project.course.visits_to(stage) + 1
    entered = StageEntered(stage=stage, visit=number, from_stage=visit.stage)
    return Decided([fact, entered], role)


def left_behind(project: Project, target: Template) -> list[str]:
    """The forms that were begun and that no stage of the target has."""
    attached = {form for stage in target.stages for form in stage.forms}
    return sorted({record.form for record in project.forms.values()} - attached)


def _refuse_kind(project: Project, target: Template) -> Refusal | None:
    """An engagement groups projects and is in no other: a linked project does not become one, nor the other way."""
    if target.kind == "engagement" and linked(project.engagements):
        rule = (
            "the project is linked with an engagement, and none groups another one: unlink it first"
        )
        return Refusal("engagement_nested", rule)
    if target.kind != "engagement" and linked(project.linked_projects):
        return Refusal("not_an_engagement", "the engagement has linked projects: unlink them first")
    return None


def _errors(
    project: Project, pinned: Template, target: Template, command: MigrateProject
) -> list[FieldError]:
    """The active stage and every held role need a place in the target; nothing is mapped to what it does not have."""
    stages = {stage.key for stage in target.stages}
    roles = {role.key for role in target.roles}
    known_stages = {stage.key for stage in pinned.stages} | set(project.course.passed)
    known_roles = set(project.role_holders)
    active = project.course.current.stage
    errors = [
        *_wrong("stages", command.stages, known_stages, stages, "stage"),
        *_wrong("roles", command.roles, known_roles, roles, "role"),
        *_kept(command.stages, stages),
        *_uncovered("stages", command.stages, {active}, stages, "stage"),
        *_uncovered("roles", command.roles, known_roles, roles, "role"),
        *_forbidden(project, target, command),
    ]
    return errors or _past_a_gate(project, pinned, target, command.stages)


def _kept(mapping: Mapping[str, str], target: set[str]) -> list[FieldError]:
    """A stage that the target has is not another one there: it would lead past gates, or call passed what is not."""
    return [
        FieldError(
            pointer("stages", old),
            "mapping_incomplete",
            f"the new version has a stage {old}: it keeps its key",
        )
        for old, new in mapping.items()
        if old in target and new != old
    ]


def _past_a_gate(
    project: Project, pinned: Template, target: Template, mapping: Mapping[str, str]
) -> list[FieldError]:
    """On some way to the stage where the project goes on it has passed every stage before it."""
    active = project.course.current.stage
    if active not in mapping:
        return []
    passed = passed_before(project.course, pinned)
    images = {mapping.get(stage, stage) for stage in passed}
    over = passed_over(target, mapping[active], images)
    if not over:
        return []
    detail = f"leads past gates that the project has not passed: {', '.join(over)}"
    return [FieldError(pointer("stages", active), "mapping_incomplete", detail)]


def _forbidden(project: Project, target: Template, command: MigrateProject) -> list[FieldError]:
    """Roles that nobody may combine in the target, or that have one holder there."""
    holders = renamed_holders(project.role_holders, command.roles)
    persons = {role: {holder.person_id for holder in holding} for role, holding in holders.items()}
    details = [
        f"one person holds {one} and {other}, which the new version forbids: release one first"
        for exclusive in target.never_both
        for one, other in combinations(exclusive, 2)
        if persons.get(one, set()) & persons.get(other, set())
    ]
    details += [
        f"{role.key} has one holder in the new version: release the others first"
        for role in target.roles
        if role.single and len(persons.get(role.key, ())) > 1
    ]
    return [FieldError(pointer("roles"), "mapping_incomplete", detail) for detail in details]


def _wrong(
    field: str, mapping: Mapping[str, str], known: set[str], target: set[str], noun: str
) -> list[FieldError]:
    code = "mapping_incomplete"
    unknown = [
        FieldError(pointer(field, old), code, f"the project knows no {noun} {old}")
        for old in mapping
        if old not in known
    ]
    missing = [
        FieldError(pointer(field, old), code, f"the new version has no {noun} {new}")
        for old, new in mapping.items()
        if new not in target
    ]
    return unknown + missing


def _uncovered(
    field: str, mapping: Mapping[str, str], used: set[str], target: set[str], noun: str
) -> list[FieldError]:
    return [
        FieldError(
            pointer(field, key),
            "mapping_incomplete",
            f"the new version has no {noun} {key}: map it to one that it has",
        )
        for key in sorted(used)
        if key not in mapping and key not in target
    ]
