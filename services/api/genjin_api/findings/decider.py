"""Commands on audit findings: the template names who raises them, who corrects them, and who checks and closes them."""

from uuid import UUID

from genjin.findings.events import (
    FindingClosed,
    FindingCorrected,
    FindingRaised,
    FindingRejected,
)
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Day, Key, Line, Prose, example
from genjin_api.findings.state import Correction, Finding
from genjin_api.projects.access import refuse_if_closed, refuse_unless_role, role_among
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found

FINDINGS_MAX = 500


class RaiseFinding(Command):
    """The severities are the template's. responsible_id is who shall see to the correction, by due_on."""

    model_config = example(
        severity="major",
        title="隐蔽工程验收记录缺失",
        description="三号生化池底板钢筋隐蔽验收无监理签字",
        due_on="2026-12-15",
    )

    severity: Key
    title: Line
    description: Prose
    due_on: Day | None = None
    responsible_id: UUID | None = None


class CorrectFinding(Command):
    model_config = example(
        measures="已补测并由监理签字，影像资料归档",
    )

    measures: Prose


class RejectCorrection(Command):
    model_config = example(
        reason="补签日期早于检测报告日期",
    )

    reason: Prose


class CloseFinding(Command):
    model_config = example(
        reason="现场复核属实，资料齐全",
    )

    reason: Prose


def raise_finding(
    project: Project,
    template: Template,
    command: RaiseFinding,
    finding_id: UUID,
    responsible_name: str | None,
    caller: Caller,
) -> Decision:
    rules = template.findings
    if rules is None:
        return Refusal("findings_not_kept", f"{template.key} keeps no findings")
    if refusal := refuse_if_closed(project) or refuse_unless_role(project, caller, rules.raised_by):
        return refusal
    severities = [choice.key for choice in rules.severities]
    if command.severity not in severities:
        return field_refusal(
            "field_invalid", "/severity", f"must be one of {', '.join(severities)}"
        )
    if command.responsible_id is not None and responsible_name is None:
        detail = f"no active person {command.responsible_id}"
        return field_refusal("unknown_person", "/responsible_id", detail)
    if len(project.findings) >= FINDINGS_MAX:
        return Refusal("limit_reached", f"a project has {FINDINGS_MAX} findings at most")
    fact = FindingRaised(
        finding_id=finding_id,
        severity=command.severity,
        title=command.title,
        description=command.description,
        stage=project.course.current.stage,
        visit=project.course.current.number,
        due_on=command.due_on,
        responsible_id=command.responsible_id,
        responsible_name=responsible_name,
    )
    return Decided([fact], role_among(project, caller, rules.raised_by))


def correct(
    project: Project, template: Template, finding_id: UUID, command: CorrectFinding, caller: Caller
) -> Decision:
    allowed = template.findings.corrected_by if template.findings else ()
    finding = _open_to(project, finding_id, caller, allowed)
    if isinstance(finding, Refusal):
        return finding
    if finding.status == "corrected":
        return Refusal(
            "finding_already_corrected", "the finding was reported corrected: it is to be checked"
        )
    fact = FindingCorrected(finding_id=finding_id, measures=command.measures)
    return Decided([fact], role_among(project, caller, allowed))


def reject(
    project: Project,
    template: Template,
    finding_id: UUID,
    command: RejectCorrection,
    caller: Caller,
) -> Decision:
    allowed = template.findings.closed_by if template.findings else ()
    correction = _correction(project, finding_id, caller, allowed)
    if isinstance(correction, Refusal):
        return correction
    fact = FindingRejected(finding_id=finding_id, reason=command.reason)
    return Decided([fact], role_among(project, caller, allowed))


def close(
    project: Project, template: Template, finding_id: UUID, command: CloseFinding, caller: Caller
) -> Decision:
    """Two people: whoever reported the correction does not check it."""
    allowed = template.findings.closed_by if template.findings else ()
    correction = _correction(project, finding_id, caller, allowed)
    if isinstance(correction, Refusal):
        return correction
    if correction.person_id == caller.person_id:
        return Refusal(
            "own_correction", "you reported the finding corrected: another one closes it"
        )
    fact = FindingClosed(finding_id=finding_id, reason=command.reason)
    return Decided([fact], role_among(project, caller, allowed))


def _correction(
    project: Project, finding_id: UUID, caller: Caller, allowed: tuple[str, ...]
) -> Correction | Refusal:
    """What is to be checked of a finding that was reported corrected."""
    finding = _open_to(project, finding_id, caller, allowed)
    if isinstance(finding, Refusal):
        return finding
    if finding.status != "corrected" or finding.correction is None:
        return Refusal("finding_not_corrected", "the finding was not reported corrected")
    return finding.correction


def _open_to(
    project: Project, finding_id: UUID, caller: Caller, allowed: tuple[str, ...]
) -> Finding | Refusal:
    """A finding that is not closed, for holders of the allowed roles."""
    finding = project.findings.get(str(finding_id))
    if finding is None:
        return not_found("finding", finding_id)
    if refusal := refuse_if_closed(project) or refuse_unless_role(project, caller, allowed):
        return refusal
    if finding.status == "closed":
        return Refusal("finding_closed", "the finding was closed")
    return finding
