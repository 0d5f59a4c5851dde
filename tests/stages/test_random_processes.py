"""Whatever a template says and whoever tries whatever: the rules of every process hold.

keeping_rules.py holds them against every decision, retelling.py tells of each passed gate anew what it must have seen.
"""

from collections import Counter
from collections.abc import Callable
from functools import cache
from random import Random

from hypothesis import HealthCheck, given, settings

from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from tests.stages.random_commands import Commands
from tests.stages.random_controls import control
from tests.stages.random_process import Process
from tests.stages.random_relations import RELATIONS
from tests.stages.random_work import move, then, work, work_and_advance
from tests.templates.random_templates import templates

SETTINGS = settings(
    max_examples=60,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
LIVES, STEPS = 4, 20
# Lest the rules are held against processes in which nothing happens.
OFTEN = {
    "stage.advanced": 200,
    "gate.overridden": 10,
    "stage.skipped": 8,
    "stage.returned": 20,
    "round": 20,
    "project.closed": 50,
    "closed through a gate": 10,
    "project.reopened": 50,
    "project.template_migrated": 15,
}
CONDITIONS = (
    *("manual", "form", "field", "approval", "milestone", "risk", "change", "finding", "metric"),
    "document",
)
SOMETIMES = (
    *("stage.judgement_withdrawn", "stage.review_requested", "stage.condition_approved"),
    *("stage.condition_marked", "form.signed", "form.revised", "project.suspended"),
    *("milestone.reached", "milestone.dropped", "metric.recorded", "metric.target_set"),
    *("finding.corrected", "finding.rejected", "finding.closed", "document.withdrawn"),
    *("health.assessed", "goal.adjusted", "goal.progressed", "goal.ended"),
    *("stakeholder.changed", "stakeholder.scored", "stakeholder.removed"),
    *("risk.closed", "change.decided", "follow_up.completed", "project.role_released"),
    *(f"gate asks for {kind}" for kind in CONDITIONS),
    *(f"gate reads {variable}" for variable in RELATIONS),
    *(f"passed by {mode}" for mode in ("all", "any", "quorum", "sequence", "decisive")),
    *(f"refused {code}" for code in ("gate_closed", "role_not_allowed", "not_role_holder")),
    *(f"refused {code}" for code in ("override_not_allowed", "blocker_not_waivable")),
    *(f"refused {code}" for code in ("second_slot_refused", "out_of_turn", "self_signature")),
    *(f"refused {code}" for code in ("role_taken", "roles_exclusive", "project_closed")),
    *(f"refused {code}" for code in ("own_correction", "self_approval", "outcome_not_possible")),
    *(f"refused {code}" for code in ("exit_closed", "skip_refused", "return_refused")),
    *("refused mapping_incomplete stages", "refused field_invalid to_stage"),
    *("waited into another verdict", "migrated into another stage"),
    *(f"refused {code}" for code in ("goal_measured_by_metric", "goal_ended", "reporting_cycle")),
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
    lambda commands: commands.one((commands.release, commands.migrate, commands.hand_over))(),
    lambda commands: commands.one((commands.wait, commands.wait, commands.migrate))(),
    control,
    control,
)


def live(template: Template, number: int, reached: Counter[str]) -> None:
    """One life of a project, the same for the same template and number."""
    chance = Random(f"{body_hash(template)} {number}")
    process = Process(template, reached)
    process.begin(shared=chance.random() < 0.3)
    commands = Commands(process, chance)
    for _ in range(STEPS):
        commands.one(DOINGS)(commands)
    process.is_what_was_told()
    process.comes_to_the_same_again()


@cache
def reached() -> Counter[str]:
    """What random processes came to, every rule held against every decision."""
    counted: Counter[str] = Counter()

    @SETTINGS
    @given(templates())
    def projects_live(template: Template) -> None:
        for number in range(LIVES):
            live(template, number, counted)

    projects_live()
    return counted


def test_every_rule_holds_of_every_decision_in_random_processes() -> None:
    reached()


def test_random_processes_come_to_everything_that_the_rules_are_about() -> None:
    wanted = dict.fromkeys(SOMETIMES, 1) | OFTEN
    assert not {name: reached()[name] for name in wanted if reached()[name] < wanted[name]}
