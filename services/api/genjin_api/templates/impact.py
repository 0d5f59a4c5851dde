"""What another template version would mean for a running project: a dry run of its migration, and of its gate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from genjin.event import Actor, Stamp
from genjin.identifiers import new_id
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Moment
from genjin_api.forms.withholding import public_values
from genjin_api.projects.evolving import evolve
from genjin_api.projects.migrating import MigrateProject, left_behind, migration
from genjin_api.projects.state import Project
from genjin_api.refusal import FieldError, Refusal
from genjin_api.stages.gate import gate
from genjin_api.stages.state import raise_facts, visit_key


@dataclass(frozen=True, slots=True)
class Impact:
    """blockers are those of the gate after the migration that do not block now, vanishing those of the gate now that
    would not block any more. unmapped: what a mapping has to say, or says wrong.
    """

    unmapped: Sequence[FieldError]
    blockers: Sequence[Mapping[str, Any]]
    vanishing: Sequence[Mapping[str, Any]]
    forms_left_behind: Sequence[str]

    @property
    def stops(self) -> bool:
        return bool(self.unmapped or self.blockers)


def impact(
    project: Project,
    pinned: Template,
    target: Template,
    command: MigrateProject,
    caller: Caller,
    moment: Moment,
) -> Impact | Refusal:
    """Nothing is written. A refusal that no mapping would mend is given back."""
    decision = migration(project, pinned, target, "", command, caller)
    if isinstance(decision, Refusal):
        if decision.code != "mapping_incomplete":
            return decision
        return Impact(decision.errors, (), (), left_behind(project, target))
    assert isinstance(decision, Decided), "nothing personal is in a migration"
    before = _blockers(project, pinned, moment)
    # The target's author must not find out what the template of today keeps from them.
    public = _public(project, pinned)
    migrated = _still_said(project, _after(public, decision, caller, moment))
    after = _blockers(migrated, target, moment)
    known, then = {_name(blocker, command) for blocker in before}, {_name(one) for one in after}
    new = [blocker for blocker in after if _name(blocker) not in known]
    gone = [blocker for blocker in before if _name(blocker, command) not in then]
    return Impact((), new, gone, left_behind(project, target))


def _blockers(project: Project, template: Template, moment: Moment) -> list[dict[str, Any]]:
    return gate(project, template, moment).blockers()


def _name(blocker: Mapping[str, Any], command: MigrateProject | None = None) -> tuple[str, str]:
    """Under the keys that the migration gives to stages and roles."""
    code, subject = blocker["code"], blocker["subject"]
    if command and code == "actual_missing":
        return code, command.stages.get(subject, subject)
    if command and code.startswith("judgement_"):
        return code, command.roles.get(subject, subject)
    return code, subject


def _public(project: Project, template: Template) -> Project:
    forms = {
        key: replace(record, values=public_values(record, template.forms.get(record.form)))
        for key, record in project.forms.items()
    }
    return replace(project, forms=forms)


def _still_said(before: Project, after: Project) -> Project:
    """With the judgements and approvals that count now. Every migration has them given anew, so that they would be is
    no news of this version; who has given none is.
    """
    known, visit = before.course.current, after.course.current
    if visit_key(visit.stage, visit.number) != visit_key(known.stage, known.number):
        return after
    return replace(after, course=raise_facts(after.course, known.facts_version))


def _after(project: Project, decision: Decided, caller: Caller, moment: Moment) -> Project:
    """The state as the facts would make it."""
    actor = Actor("person", caller.person_id, caller.name, decision.role)
    for offset, fact in enumerate(decision.facts, start=1):
        stamp = Stamp(new_id(), project.id, project.version + offset, moment.now, actor)
        project = evolve(project, fact, stamp)  # type: ignore[arg-type]  # facts of a project's stream
    return project
