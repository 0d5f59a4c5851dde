"""Whatever a template says and whoever tries whatever: the rules of every process hold.

keeping_rules.py holds them against every decision, retelling.py tells of each passed gate anew what it must have seen.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from genjin.templates.model import Template
from tests.stages.random_commands import Commands
from tests.stages.random_controls import control
from tests.stages.random_process import Process
from tests.stages.random_work import move, then, work, work_and_advance
from tests.templates.random_templates import templates

SETTINGS = settings(
    max_examples=100,
    stateful_step_count=20,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
# Lest the rules are held against processes in which nothing happens.
OFTEN = {
    "stage.advanced": 40,
    "gate.overridden": 5,
    "stage.skipped": 3,
    "stage.returned": 5,
    "round": 5,
    "project.closed": 10,
    "closed through a gate": 3,
    "project.reopened": 5,
    "project.template_migrated": 5,
}
SOMETIMES = (
    *("stage.judgement_withdrawn", "stage.review_requested", "stage.condition_approved"),
    *("stage.condition_marked", "form.signed", "form.revised", "project.suspended"),
    *(f"passed by {mode}" for mode in ("all", "any", "quorum", "sequence", "decisive")),
    *(f"refused {code}" for code in ("gate_closed", "role_not_allowed", "not_role_holder")),
    *(f"refused {code}" for code in ("override_not_allowed", "blocker_not_waivable")),
    *(f"refused {code}" for code in ("second_slot_refused", "out_of_turn", "self_signature")),
    *(f"refused {code}" for code in ("role_taken", "roles_exclusive", "project_closed")),
    *(f"refused {code}" for code in ("exit_closed", "skip_refused", "return_refused")),
)


DOINGS: tuple[Callable[[Commands], object], ...] = (
    work,
    work,
    lambda commands: then(commands, commands.advance),
    lambda commands: then(commands, commands.advance),
    lambda commands: then(commands, commands.skip),
    lambda commands: then(commands, commands.skip),
    lambda commands: then(commands, commands.close),
    lambda commands: then(commands, lambda: work_and_advance(commands)),
    Commands.doubt,
    lambda commands: then(commands, commands.doubt),
    Commands.override,
    Commands.return_,
    move,
    lambda commands: commands.one((commands.request_review, commands.pause))(),
    lambda commands: commands.one((commands.change_header, commands.assign))(),
    lambda commands: commands.one((commands.release, commands.migrate))(),
    control,
)


class RandomProcess(RuleBasedStateMachine):
    reached: ClassVar[Counter[str]] = Counter()
    process: Process

    @initialize(template=templates(), shared=st.sampled_from((False, False, False, True)))
    def begin(self, template: Template, shared: bool) -> None:
        self.process = Process(template, self.reached)
        self.process.begin(shared=shared)

    @rule(data=st.data())
    def somebody_does_something(self, data: st.DataObject) -> None:
        """One rule for all, so that every process may come to everything."""
        commands = Commands(self.process, data)
        commands.one(DOINGS)(commands)

    def teardown(self) -> None:
        if hasattr(self, "process"):
            self.process.is_what_was_told()
            self.process.comes_to_the_same_again()


@cache
def reached() -> Counter[str]:
    """What random processes came to, every rule held against every decision."""
    RandomProcess.reached.clear()
    run_state_machine_as_test(RandomProcess, settings=SETTINGS)
    return RandomProcess.reached


def test_every_rule_holds_of_every_decision_in_random_processes() -> None:
    reached()


def test_random_processes_come_to_everything_that_the_rules_are_about() -> None:
    wanted = dict.fromkeys(SOMETIMES, 1) | OFTEN
    assert not {name: reached()[name] for name in wanted if reached()[name] < wanted[name]}
