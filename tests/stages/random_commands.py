"""What random people command in the stages of a random process."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from functools import partial
from random import Random
from typing import Any, TypeVar
from uuid import UUID

from genjin.templates.conditions import ApprovalCondition, ManualCondition
from genjin_api.acting import Caller, Decided
from genjin_api.forms import decider as forms
from genjin_api.forms import signing
from genjin_api.projects import closing, decider
from genjin_api.refusal import Refusal
from genjin_api.stages import approvals, judging, moves
from genjin_api.stages import decider as stages
from tests.specification import OUTSIDER, OWNER
from tests.stages.random_process import PEOPLE, RENAMED, STAGES, Decide, Process

Item = TypeVar("Item")
REASON = "客户已确认，书面材料下周补齐，先行推进不误工期"
SELDOM = (False, False, False, False, False, True)


class Commands:
    """Each method is one command, its details by chance."""

    def __init__(self, process: Process, chance: Random) -> None:
        self.process = process
        self.chance = chance

    def one(self, items: Iterable[Item]) -> Item:
        return self.chance.choice(tuple(items))

    def somebody(self, roles: Iterable[str]) -> Caller:
        """Mostly a holder of one of the roles, where there is one."""
        wanted = set(roles)
        able = [who for who in PEOPLE if wanted & set(self.process.now.roles_of(who.person_id))]
        return self.one(PEOPLE if not able or self.one(SELDOM) else able)

    @property
    def stage(self) -> Any:
        return self.process.template.stage(self.process.now.course.current.stage)

    def record(self) -> None:
        command, template = stages.RecordActual(text="客户已确认"), self.process.template
        who = self.somebody(self.stage.actual_by)
        self.process.do(
            who, lambda project, who: stages.record_actual(project, template, command, who)
        )

    def mark(self, key: str | None = None, *, met: bool = True) -> None:
        known = {condition.key: condition for condition in self.stage.conditions()}
        key = key or self.one(known or ["c0"])
        by = getattr(known.get(key), "by", ()) or self.stage.actual_by
        evidence = "" if self.one(SELDOM) else "会议纪要"
        command, template = stages.MarkCondition(met=met, evidence=evidence), self.process.template
        who = self.somebody(by)
        self.process.do(
            who, lambda project, who: stages.mark_condition(project, template, key, command, who)
        )

    def approve(
        self, key: str | None = None, *, role: str | None = None, approved: bool = True
    ) -> None:
        asked = {
            condition.key: condition.by
            for condition in self.stage.conditions()
            if isinstance(condition, ApprovalCondition | ManualCondition)
        }
        key = key or self.one(asked or ["c0"])
        role = role or self.one(asked.get(key) or self.roles())
        template, who = self.process.template, self.somebody([role])
        command = approvals.ApproveCondition(role=role, approved=approved, comment="预算未批")
        self.process.do(
            who,
            lambda project, who: approvals.approve_condition(project, template, key, command, who),
        )

    def judge(self, role: str | None = None, verdict: Any = "advance") -> None:
        rule = self.process.template.judgement_of(self.stage.key)
        role = role or self.one(self.roles() if self.one(SELDOM) else rule.roles)
        command = judging.Judge(role=role, verdict=verdict, comment="预算未批")
        template, who = self.process.template, self.somebody([role])
        self.process.do(who, lambda project, who: judging.judge(project, template, command, who))

    def doubt(self) -> None:
        """A judgement taken back, mostly by who gave it, and often given again."""
        judgements = self.process.now.course.current.judgements
        role = self.one(judgements or self.roles())
        command = judging.WithdrawJudgement(reason="需重新考虑")
        who = self.one(PEOPLE) if self.one(SELDOM) else self.somebody([role])
        self.process.do(
            who, lambda project, who: judging.withdraw_judgement(project, role, command, who)
        )
        if self.one((True, False)):
            self.judge(role)

    def request_review(self) -> None:
        command, template = judging.RequestReview(note="方案已修改"), self.process.template
        who = self.somebody(self.stage.actual_by)
        self.process.do(
            who, lambda project, who: judging.request_review(project, template, command, who)
        )

    def save(self, form: str, *, copy_number: int = 1, complete: bool = True) -> None:
        values = {"text": "已核对"} if complete else {}
        command = forms.SaveForm(
            values=values, complete=complete, reason="更正", copy_number=copy_number
        )
        template = self.process.template
        who = self.somebody(template.forms[form].by or self.roles())
        self.process.do(who, lambda project, who: forms.save(project, template, form, command, who))

    def sign(self, form: str, role: str | None = None, *, copy_number: int = 1) -> None:
        record = self.process.now.forms.get(f"{form}:{copy_number}")
        role = role or self.one(self.process.template.forms[form].signed_by or self.roles())
        revision = record.revision if record else 1
        command = signing.SignForm(role=role, revision=revision, copy_number=copy_number)
        template, who = self.process.template, self.somebody([role])
        self.process.do(
            who, lambda project, who: signing.sign(project, template, form, command, who)
        )

    def advance(self, to_stage: str | None = None, **more: Any) -> Decided | Refusal:
        command = moves.AdvanceStage.model_validate({"to_stage": to_stage, **more})
        overriding = command.override and self.one((True, True, False))
        roles = self.process.template.override_by if overriding else self.roles()
        template, who, moment = self.process.template, self.somebody(roles), self.process.moment
        return self.process.do(
            who, lambda project, who: moves.advance(project, template, command, who, moment)
        )

    def skip(self) -> None:
        """Behind the next stage, or anywhere."""
        template = self.process.template
        beyond = [
            further.to for way in self.stage.exits for further in template.stage(way.to).exits
        ]
        everywhere = [stage.key for stage in template.stages]
        aim = everywhere if not beyond or self.one(SELDOM) else beyond
        self.advance(self.one(aim), reason="" if self.one(SELDOM) else REASON)

    def override(self) -> None:
        """By naming what blocks, or now and then not all of it."""
        blocking = self.process.gate().blocking()
        named = blocking[1:] if self.one(SELDOM) and len(blocking) > 1 else blocking
        waive = [{"code": check.code, "subject": check.subject} for check in named]
        waive = waive or [{"code": "actual_missing", "subject": "s0"}]
        decision = self.advance(override={"waive": waive, "reason": REASON})
        assert named == blocking or isinstance(decision, Refusal), "a blocker was not named"

    def return_(self) -> None:
        stages_ = [stage.key for stage in self.process.template.stages]
        here = stages_.index(self.stage.key)
        to_stage = self.one(stages_ if not here or self.one(SELDOM) else stages_[:here])
        command = moves.ReturnStage(to_stage=to_stage, reason="客户更换负责人")
        template, who = self.process.template, self.somebody(self.stage.return_by or self.roles())
        self.process.do(who, lambda project, who: moves.return_to(project, template, command, who))

    def close(self) -> None:
        """In vain where a process has no end."""
        template = self.process.template
        outcomes = {outcome.key: outcome.by for outcome in template.outcomes} or {"won": ()}
        outcome = self.one(outcomes)
        command = closing.CloseProject(outcome=outcome, reason="报价偏高")
        who, moment = self.somebody(outcomes[outcome] or self.roles()), self.process.moment
        self.process.do(
            who, lambda project, who: closing.close(project, template, command, who, moment)
        )

    def reopen(self) -> None:
        """Anywhere, mostly where it was closed."""
        here, stages_ = self.stage.key, [stage.key for stage in self.process.template.stages]
        to_stage = self.one((here, here, *stages_))
        command = closing.ReopenProject(reason="业主重新邀请", to_stage=to_stage)
        template = self.process.template
        who = self.somebody(template.reopen_by or self.roles())
        self.process.do(who, lambda project, who: closing.reopen(project, template, command, who))

    def pause(self) -> None:
        template, who = self.process.template, self.somebody(self.roles())
        if self.process.now.status == "suspended":
            command = decider.ResumeProject()
            self.process.do(
                who, lambda project, who: decider.resume(project, template, command, who)
            )
        else:
            wait = decider.SuspendProject(reason="客户推迟")
            self.process.do(who, lambda project, who: decider.suspend(project, template, wait, who))

    def assign(self) -> None:
        """Anybody but the outsider, who never holds a role."""
        others = [who for who in PEOPLE if who is not OUTSIDER]
        self.process.assign(self.somebody(self.roles()), self.one(self.roles()), self.one(others))

    def release(self) -> None:
        """Mostly somebody who holds the role."""
        held = self.process.now.role_holders
        role = self.one(self.roles() if self.one(SELDOM) or not held else held)
        person = self.one(PEOPLE).person_id
        if role in held and not self.one(SELDOM):
            person = self.one(held[role]).person_id
        self.process.do(self.somebody(self.roles()), self._released(role, person))

    def hand_over(self) -> None:
        """Two people take each other's roles, mostly such as nobody holds together, and speak in them at once."""
        held = self.process.now.role_holders
        pairs = [pair for pair in self.process.template.never_both if set(pair) <= held.keys()]
        if not held:
            return
        roles = pairs[0] if pairs else (self.one(held), self.one(held))
        people = [self.one(held[role]).person_id for role in roles]
        for role in roles:
            self.speak(role)
        for role, person_id in zip(roles, people, strict=True):
            self.process.do(OWNER, self._released(role, person_id))
        for role, person_id in zip(roles, reversed(people), strict=True):
            to = next(one for one in PEOPLE if one.person_id == person_id)
            self.process.assign(OWNER, role, to)
            self.speak(role)

    def speak(self, role: str) -> None:
        """Whatever the gate asks of a role, where it asks something."""
        asked: list[Callable[[], object]] = [
            partial(self.approve, condition.key, role=role)
            for condition in self.stage.conditions()
            if isinstance(condition, ApprovalCondition) and role in condition.by
        ]
        specs = self.process.template.forms
        signed = [form for form in self.stage.forms if role in specs[form].signed_by]
        asked += [partial(self.sign, form, role) for form in signed]
        if role in self.process.template.judgement_of(self.stage.key).roles:
            asked.append(partial(self.judge, role))
        if asked:
            self.one(asked)()

    def _released(self, role: str, person_id: UUID) -> Decide:
        template = self.process.template
        return lambda project, who: decider.release_role(
            project, template, role, person_id, "调岗", who
        )

    def change_header(self) -> None:
        amount = self.one(("500.00", "2000.00", None))
        command, template = decider.ChangeHeader(header={"amount": amount}), self.process.template
        who = self.somebody(self.roles())
        self.process.do(
            who, lambda project, who: decider.change_header(project, template, command, who)
        )

    def migrate(self) -> None:
        """Mostly the owner. Two roles may be meant to become one; a stage may be meant to become any other."""
        if self.process.template.version == 1:
            seller = self.one((RENAMED["seller"], "boss"))
            targets = [stage.key for stage in self.process.target.stages]
            wrong = {self.stage.key: self.one(targets), self.one(STAGES): self.one(targets)}
            who = self.one(PEOPLE) if self.one(SELDOM) else OWNER
            for stages_ in (
                (wrong, STAGES | wrong, STAGES) if self.one((True, False)) else (STAGES,)
            ):
                if self.process.template.version == 1:
                    self.process.migrate(who, {"stages": stages_, "roles": {"seller": seller}})

    def wait(self) -> None:
        """Some hours, which may end the day, or days."""
        self.process.wait(self.one((timedelta(hours=9), timedelta(days=1), timedelta(days=11))))

    def roles(self) -> Sequence[str]:
        return [role.key for role in self.process.template.roles]
