"""Work in the stage where a random process stands: anything, or what its gate asks for next."""

from collections.abc import Callable
from typing import Any

from genjin_api.stages.gate import Check
from tests.stages.random_commands import Commands
from tests.stages.random_controls import (
    control,
    follow_up,
    go_on_with_change,
    go_on_with_risk,
)
from tests.stages.random_registers import REGISTERS
from tests.stages.random_relations import RELATIONS

STEPS_TOWARDS_A_GATE = 20


def then(commands: Commands, moves: Callable[[], object]) -> None:
    """All work on what blocks first, until nothing does, and somebody moves. Now and then somebody does what they may
    not.
    """
    if commands.process.now.status != "open" and commands.one((True, True, True, False)):
        open_again(commands)
    for _ in range(STEPS_TOWARDS_A_GATE):
        blocking = commands.process.gate().blocking()
        if not blocking or commands.process.now.status != "open":
            break
        towards(commands, blocking[0])
    moves()


def open_again(commands: Commands) -> None:
    if commands.process.now.status == "closed":
        commands.reopen()
    else:
        commands.pause()


def work(commands: Commands) -> None:
    """Anything that is done in a stage, whether it is of use or not."""
    forms = commands.process.template.forms
    yes = commands.one((True, True, False))
    works: list[Callable[[], object]] = [
        commands.record,
        lambda: commands.mark(met=yes),
        lambda: commands.approve(approved=yes),
        lambda: commands.judge(verdict="advance" if yes else "hold"),
        lambda: _work_on_a_form(commands, commands.one(forms)) if forms else commands.record(),
    ]
    commands.one(works)()


def move(commands: Commands) -> None:
    """Whether the gate is open or not."""
    moves: list[Callable[[], object]] = [commands.advance, commands.skip, commands.close]
    commands.one(moves)()


def work_and_advance(commands: Commands) -> None:
    """Something more while the gate is open: whoever judged before it has not judged on that."""
    works: list[Callable[[Commands], None]] = [work, work, control]
    commands.one(works)(commands)
    moves: list[Callable[[], object]] = [commands.advance, commands.close]
    commands.one(moves)()


def _work_on_a_form(commands: Commands, form: str) -> None:
    number, saves = commands.one((1, 2)), commands.one((True, False))
    if saves:
        commands.save(form, copy_number=number, complete=commands.one((True, False)))
    else:
        commands.sign(form, copy_number=number)


def towards(commands: Commands, check: Check) -> None:
    """The next step to have the check pass."""
    template, stage = commands.process.template, commands.stage
    conditions = {condition.key: condition for condition in stage.conditions()}
    match check.code:
        case "actual_missing":
            commands.record()
        case "judgement_missing" | "judgement_negative" | "judgement_stale":
            rule_ = template.judgement_of(stage.key)
            whose = check.subject if commands.one((True, True, False)) else None
            commands.judge(whose if whose in rule_.roles else None)
        case "form_missing" | "form_incomplete" | "form_unsigned":
            _complete(commands, check.subject)
        case "risk_unanswered":
            go_on_with_risk(commands)
        case "change_undecided":
            go_on_with_change(commands)
        case "follow_up_overdue":
            follow_up(commands)
        case _:
            _meet(commands, conditions[check.subject])


def _meet(commands: Commands, condition: Any) -> None:
    match condition.kind:
        case "manual":
            commands.mark(condition.key)
        case "approval" if condition.form and not _is_complete(commands, condition.form):
            commands.save(condition.form)
        case "approval":
            commands.approve(condition.key)
        case "form":
            _complete(commands, condition.form)
        case "risk":
            go_on_with_risk(commands)
        case "field":
            variable = condition.expr.partition(".")[0]
            RELATIONS.get(variable, Commands.change_header)(commands)
        case register:
            REGISTERS[register](commands)


def _is_complete(commands: Commands, form: str) -> bool:
    record = commands.process.now.forms.get(f"{form}:1")
    return record is not None and record.state == "complete"


def _complete(commands: Commands, form: str) -> None:
    """Every copy, or the signatures of those that are complete."""
    spec = commands.process.template.forms[form]
    now = commands.process.now
    for record in [record for record in now.forms.values() if record.form == form]:
        fresh = record.saved_in >= now.course.current.ordinal or not spec.each_visit
        if record.state == "draft" or not fresh:
            return commands.save(form, copy_number=record.copy_number)
        for role in spec.signed_by:
            if role not in record.signatures and spec.four_eyes and commands.one((False, True)):
                return commands.save(form, copy_number=record.copy_number)
            if role not in record.signatures:
                return commands.sign(form, role, copy_number=record.copy_number)
    return commands.save(form)
