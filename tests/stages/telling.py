"""Short words for what happens in a stage: commands bound to who gives them, ready to be decided on a project."""

from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from genjin_api.acting import Caller, Decision, Moment
from genjin_api.forms import decider as forms
from genjin_api.forms import signing
from genjin_api.projects.state import Project
from genjin_api.stages import decider, follow_ups, judging, moves
from genjin_api.stages.gate import Gate, gate
from tests.forms.values import valid_values
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    HOLDERS,
    MARKETER,
    MOMENT,
    TEMPLATE,
    TODAY,
    TOMORROW,
    Story,
    given,
)

Decide = Callable[[Project], Decision]
FOLLOW_UP = UUID(int=0xF)


def record(text: str = "客户已确认", caller: Caller = MARKETER) -> Decide:
    command = decider.RecordActual(text=text)
    return lambda project: decider.record_actual(project, TEMPLATE, command, caller)


def mark(key: str, caller: Caller = MARKETER, **command: Any) -> Decide:
    marked = decider.MarkCondition(**{"met": True, "evidence": "会议纪要", **command})
    return lambda project: decider.mark_condition(project, TEMPLATE, key, marked, caller)


def judge(role: str, verdict: Any = "advance", caller: Caller | None = None, **more: Any) -> Decide:
    command = judging.Judge(role=role, verdict=verdict, **more)
    judge_ = caller or HOLDERS[role]
    return lambda project: judging.judge(project, TEMPLATE, command, judge_)


def withdraw(role: str, caller: Caller | None = None) -> Decide:
    command = judging.WithdrawJudgement(reason="需重新考虑")
    return lambda project: judging.withdraw_judgement(
        project, role, command, caller or HOLDERS[role]
    )


def request_review(caller: Caller = MARKETER) -> Decide:
    command = judging.RequestReview(note="方案已修改")
    return lambda project: judging.request_review(project, TEMPLATE, command, caller)


def override_all(caller: Caller = HOLDERS["general_manager"]) -> Decide:
    """An advance that names whatever blocks."""

    def decide(project: Project) -> Decision:
        blockers = gate(project, TEMPLATE, MOMENT).blockers()
        waive = [{"code": one["code"], "subject": one["subject"]} for one in blockers]
        override = {"waive": waive, "reason": "客户已口头确认，书面材料下周补齐，先行推进不误工期"}
        command = moves.AdvanceStage.model_validate({"override": override if waive else None})
        return moves.advance(project, TEMPLATE, command, caller, MOMENT)

    return decide


def follow_up(
    role: str = "dept_head",
    due_on: date = TOMORROW,
    owner_name: str | None = "王芳",
    caller: Caller = DEPT_HEAD,
) -> Decide:
    command = follow_ups.SetFollowUp.model_validate(
        {
            "role": role,
            "action": "约见设备科",
            "owner_id": MARKETER.person_id,
            "due_on": due_on.isoformat(),
        }
    )
    return lambda project: follow_ups.set_follow_up(
        project, TEMPLATE, command, FOLLOW_UP, owner_name, caller
    )


def complete(caller: Caller = MARKETER, follow_up_id: UUID = FOLLOW_UP) -> Decide:
    command = follow_ups.CompleteFollowUp(result="已见面")
    return lambda project: follow_ups.complete_follow_up(
        project, follow_up_id, command, caller, MOMENT
    )


def save(form: str, caller: Caller = MARKETER, **command: Any) -> Decide:
    """Valid values, complete, unless the command says otherwise."""
    spec = TEMPLATE.forms.get(form)
    values = valid_values(spec.json_schema) if spec else {}
    saved = forms.SaveForm(**{"values": values, "complete": True, **command})
    return lambda project: forms.save(project, TEMPLATE, form, saved, caller)


def sign(
    form: str, role: str, revision: int = 1, caller: Caller | None = None, copy_number: int = 1
) -> Decide:
    command = signing.SignForm(role=role, revision=revision, copy_number=copy_number)
    signer = caller or HOLDERS[role]
    return lambda project: signing.sign(project, TEMPLATE, form, command, signer)


def advance(to_stage: str | None = None, caller: Caller = MARKETER) -> Decide:
    command = moves.AdvanceStage(to_stage=to_stage)
    return lambda project: moves.advance(project, TEMPLATE, command, caller, MOMENT)


def return_to(stage: str, caller: Caller = MARKETER) -> Decide:
    command = moves.ReturnStage(to_stage=stage, reason="客户更换负责人")
    return lambda project: moves.return_to(project, TEMPLATE, command, caller)


def prepare(story: Story) -> None:
    """Everything that the current stage asks for before it is judged."""
    stage = TEMPLATE.stage(story.now.course.current.stage)
    for form in stage.forms:
        story.did(MARKETER, save(form, reason="重新核对"))
        record_ = story.now.forms[f"{form}:1"]
        for role in TEMPLATE.forms[form].signed_by:
            story.did(HOLDERS[role], sign(form, role, record_.revision))
    for condition in stage.conditions():
        if condition.kind == "manual":
            story.did(MARKETER, mark(condition.key))
    story.did(MARKETER, record())


def judge_all(story: Story) -> None:
    for role, holder in HOLDERS.items():
        story.did(holder, judge(role))


def pass_gate(story: Story) -> None:
    prepare(story)
    judge_all(story)
    story.did(MARKETER, advance())


def noon_of(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12), ZoneInfo("Asia/Shanghai")), "Asia/Shanghai")


def gate_of(story: Story, on: date = TODAY) -> Gate:
    return gate(story.now, TEMPLATE, noon_of(on))


def blockers(story: Story, on: date = TODAY) -> set[tuple[str, str]]:
    return {(item["code"], item["subject"]) for item in gate_of(story, on).blockers()}


def ready() -> Story:
    """A project whose first gate is open."""
    story = given(A_PROJECT)
    prepare(story)
    judge_all(story)
    return story
