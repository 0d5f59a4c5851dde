"""What random histories tell of registers. Those that pursuit.8 does not keep are the small template's."""

import random
from datetime import timedelta
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.findings import decider as findings
from genjin_api.metrics import decider as metrics
from genjin_api.milestones import decider as milestones
from genjin_api.projects.state import Project
from tests.small_template import SMALL
from tests.specification import DEPT_HEAD, MARKETER, MOMENT, TODAY
from tests.stages.telling import Decide

WHO = MARKETER


def milestone(chance: random.Random) -> tuple[Caller, Decide]:
    identifier = UUID(int=0xE0 + chance.randrange(5))
    new = milestones.SetMilestone.model_validate({"title": "样机", "due_on": TODAY.isoformat()})
    day = TODAY + timedelta(days=chance.randint(1, 40))
    other = milestones.RescheduleMilestone.model_validate(
        {"due_on": day.isoformat(), "reason": "停电"}
    )
    done = milestones.ReachMilestone.model_validate(
        {"reached_on": TODAY.isoformat(), "evidence": "报告"}
    )
    no_more = milestones.DropMilestone(reason="改为整机采购")

    go_on: Decide = chance.choice(
        [
            lambda project: milestones.reschedule(project, identifier, other, WHO),
            lambda project: milestones.reach(project, identifier, done, WHO, MOMENT),
            lambda project: milestones.drop(project, identifier, no_more, WHO),
        ]
    )

    def set_or_go_on(project: Project) -> Decision:
        if str(identifier) in project.milestones:
            return go_on(project)
        return milestones.set_milestone(project, SMALL, new, identifier, WHO)

    return WHO, set_or_go_on


def metric(chance: random.Random) -> tuple[Caller, Decide]:
    key, day = chance.choice(["satisfaction", "overrun"]), TODAY - timedelta(chance.randrange(9))
    value = chance.choice([0, -0.0, 1e-7, 1e15, 86.5, 1 / 3])
    new = metrics.RecordValue.model_validate({"value": value, "on": day.isoformat()})
    target = metrics.SetTarget(target=chance.choice([None, 80.0, 90.25]), reason="合同要求")
    return WHO, chance.choice(
        [
            lambda project: metrics.record(project, SMALL, key, new, WHO, MOMENT),
            lambda project: metrics.record(project, SMALL, key, new, WHO, MOMENT),
            lambda project: metrics.set_target(project, SMALL, key, target, WHO),
        ]
    )


def finding(chance: random.Random) -> tuple[Caller, Decide]:
    identifier, suffices = UUID(int=0xB0 + chance.randrange(3)), chance.random() < 0.5
    new = findings.RaiseFinding(severity="major", title="记录缺失", description="无监理签字")
    mended = findings.CorrectFinding(measures="已补测")
    insufficient = findings.RejectCorrection(reason="日期不符")
    settled = findings.CloseFinding(reason="复核属实")

    def raise_or_check(project: Project) -> Decision:
        if str(identifier) not in project.findings:
            return findings.raise_finding(project, SMALL, new, identifier, None, DEPT_HEAD)
        if suffices:
            return findings.close(project, SMALL, identifier, settled, DEPT_HEAD)
        return findings.reject(project, SMALL, identifier, insufficient, DEPT_HEAD)

    def correct(project: Project) -> Decision:
        return findings.correct(project, SMALL, identifier, mended, WHO)

    return chance.choice([(DEPT_HEAD, raise_or_check), (WHO, correct)])
