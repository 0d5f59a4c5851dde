"""What random people command on the registers: milestones, metrics, findings, documents. Whatever is next, mostly."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.documents import decider as documents
from genjin_api.findings import decider as findings
from genjin_api.metrics import decider as metrics
from genjin_api.milestones import decider as milestones
from genjin_api.projects.state import Project
from tests.stages.random_commands import Commands

BUILT, OWN, CONTRACT = UUID(int=0xE0), UUID(int=0xE1), UUID(int=0x90)
DAY = timedelta(days=1)
FINDINGS = [UUID(int=0xB0 + number) for number in range(3)]


def go_on_with_milestone(commands: Commands) -> None:
    """That of the template, or one of the project's own, which a stage may wait for."""
    process, identifier = commands.process, commands.one((BUILT, OWN))
    moment, today = process.moment, process.moment.today
    template, drops = process.template, commands.one((False, False, True))
    waiting = commands.one((None, *(stage.key for stage in template.stages)))
    new = milestones.SetMilestone.model_validate(
        {"due_on": (today + DAY).isoformat(), "stage": waiting}
        | ({"key": "built"} if identifier == BUILT else {"title": "样机"})
    )
    reached = milestones.ReachMilestone.model_validate(
        {"reached_on": _day(commands, today), "evidence": "报告"}
    )
    other = milestones.RescheduleMilestone.model_validate(
        {"due_on": _day(commands, today - DAY), "reason": "停电"}
    )

    def decide(project: Project, who: Caller) -> Decision:
        known = project.milestones.get(str(identifier))
        if known is None:
            return milestones.set_milestone(project, template, new, identifier, who)
        if not known.rescheduled:
            return milestones.reschedule(project, identifier, other, who)
        if drops:
            gone = milestones.DropMilestone(reason="不再需要")
            return milestones.drop(project, identifier, gone, who)
        return milestones.reach(project, identifier, reached, who, moment)

    process.do(commands.somebody(commands.roles()), decide)


def go_on_with_metric(commands: Commands) -> None:
    """A value, not below the target or below it, of today or of yesterday; seldom another target."""
    process, template = commands.process, commands.process.template
    moment = process.moment
    value, target = commands.one((60.0, 80.0, 90.0)), commands.one((None, 70.0, 85.0))
    sets = commands.one((False, False, True))
    new = metrics.RecordValue.model_validate({"value": value, "on": _day(commands, moment.today)})
    goal = metrics.SetTarget(target=target, reason="合同要求")

    def decide(project: Project, who: Caller) -> Decision:
        if sets:
            return metrics.set_target(project, template, "quality", goal, who)
        return metrics.record(project, template, "quality", new, who, moment)

    [spec] = template.metrics
    process.do(commands.somebody((sets and spec.target_by) or spec.recorded_by), decide)


def go_on_with_finding(commands: Commands) -> None:
    """Raise it, report it corrected, reject that or close it."""
    process, template = commands.process, commands.process.template
    rules, known = template.findings, process.now.findings
    unclosed = [one for one in FINDINGS if getattr(known.get(str(one)), "status", "") != "closed"]
    identifier = [*unclosed, FINDINGS[0]][0]
    severity, suffices = commands.one(("minor", "major")), commands.one((True, True, False))
    new = findings.RaiseFinding(severity=severity, title="记录缺失", description="无监理签字")
    status = getattr(known.get(str(identifier)), "status", None)
    able = {None: "raised_by", "open": "corrected_by"}.get(status, "closed_by")

    def decide(project: Project, who: Caller) -> Decision:
        finding = project.findings.get(str(identifier))
        if finding is None:
            return findings.raise_finding(project, template, new, identifier, None, who)
        if finding.status == "open":
            mended = findings.CorrectFinding(measures="已补测")
            return findings.correct(project, template, identifier, mended, who)
        if suffices:
            settled = findings.CloseFinding(reason="复核属实")
            return findings.close(project, template, identifier, settled, who)
        insufficient = findings.RejectCorrection(reason="日期不符")
        return findings.reject(project, template, identifier, insufficient, who)

    process.do(commands.somebody(getattr(rules, able, commands.roles())), decide)


def go_on_with_document(commands: Commands) -> None:
    """Attach one more, of the template's kind or of none, or withdraw one."""
    process, template = commands.process, commands.process.template
    known = [one for one in process.now.documents.values() if one.status == "attached"]
    ends = commands.one((False, False, True))
    withdrawn = commands.one(known).id if known and ends else None
    identifier = UUID(int=CONTRACT.int + len(process.now.documents))
    file = documents.StoredFile("a" * 64, 1234, "application/pdf")
    new = documents.AttachDocument(
        sha256=file.sha256,
        title="合同",
        file_name="合同.pdf",
        document=commands.one(("contract", "contract", None)),
    )

    def decide(project: Project, who: Caller) -> Decision:
        if withdrawn:
            end = documents.WithdrawDocument(reason="扫描不全")
            return documents.withdraw(project, template, withdrawn, end, who)
        return documents.attach(project, template, new, identifier, file, who)

    process.do(commands.somebody(commands.roles()), decide)


def _day(commands: Commands, mostly: date) -> str:
    today = commands.process.moment.today
    return commands.one((mostly, mostly, today, today - DAY)).isoformat()


REGISTERS: Mapping[str, Callable[[Commands], None]] = {
    "milestone": go_on_with_milestone,
    "metric": go_on_with_metric,
    "finding": go_on_with_finding,
    "document": go_on_with_document,
}
