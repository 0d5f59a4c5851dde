"""A random process as people go through it: every command is decided by the real deciders, every rule is held against
every decision.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cached_property
from typing import Any

from genjin.canonical import plain_json
from genjin.catalog import decode
from genjin.event import Fact, Stamp
from genjin.projects.events import ProjectClosed, TemplateMigrated
from genjin.stages.events import StageAdvanced
from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.projects import decider, migrating
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.projects.status import Status
from genjin_api.refusal import Refusal
from genjin_api.stages.gate import Gate, gate
from tests.specification import HOLDERS, MOMENT, OUTSIDER, OWNER, Story, sealed
from tests.stages.keeping_rules import (
    keeps_all_rules,
    nobody_fills_two_slots,
    nobody_holds_what_they_may_not,
    the_gate_sees_what_was_told,
)
from tests.stages.retelling import Stay, verdicts
from tests.stages.retelling_relations import lines_end_with_somebody
from tests.stages.step import Step

Decide = Callable[[Project, Caller], Decision]
Told = Sequence[tuple[Fact, Stamp]]
PEOPLE = (*HOLDERS.values(), OWNER, OUTSIDER)
OTHER_STATUSES: tuple[Status, ...] = ("suspended", "closed")
# The project is created and enters its first stage.
BEGINNING = 2
STAGES = {"s0": "begin", "s1": "second"}
RENAMED = STAGES | {"seller": "vendor"}


@dataclass
class Process:
    """stay is told from the story's facts alone; kept are the states after each decision by their versions, reached
    counts what came about, waits is how long the story had waited at each command.
    """

    template: Template
    reached: Counter[str]
    story: Story = field(default_factory=Story)
    stay: Stay = field(default_factory=Stay)
    kept: dict[int, Project] = field(default_factory=dict)
    moment: Moment = MOMENT
    waits: list[timedelta] = field(default_factory=list)

    def begin(self, *, shared: bool) -> None:
        """By the owner, each role with a holder of its own; shared: the first is meant to hold all."""
        command = decider.CreateProject(code="XM-1", header={"name": "某项目"})
        decided = decider.create(command, self.template, body_hash(self.template))
        assert isinstance(decided, Decided)
        self.story.tell(OWNER, decided.facts)
        self._retell(self.story.told)
        for role, person in zip(self.template.roles, PEOPLE, strict=False):
            self.assign(OWNER, role.key, person)
        if shared:
            for role in self.template.roles[1:]:
                self.assign(OWNER, role.key, PEOPLE[0])

    @property
    def now(self) -> Project:
        return self.story.now

    def gate(self) -> Gate:
        return gate(self.now, self.template, self.moment)

    def wait(self, time: timedelta) -> None:
        """Nobody does anything. What a gate says of the same facts may be another thing then."""
        before = verdicts(self.template, self.stay, self.moment.today)
        self.story.waited += time
        self.moment = Moment(MOMENT.now + self.story.waited, MOMENT.time_zone)
        self._is_in_order()
        if verdicts(self.template, self.stay, self.moment.today) != before:
            self.reached["waited into another verdict"] += 1

    @cached_property
    def target(self) -> Template:
        """The next version: two stages and one role have other keys, and one person may hold less."""
        words = json.dumps(self.template.model_dump(mode="json"))
        for old, new in RENAMED.items():
            words = words.replace(f'"{old}"', f'"{new}"')
        pair = [["vendor", "boss"]]
        return Template.model_validate(json.loads(words) | {"version": 2, "never_both": pair})

    def do(
        self, caller: Caller, decide: Decide, target: Template | None = None
    ) -> Decided | Refusal:
        """The command of one person. Everybody else tries it too, and it is tried on a project that stands still: in
        vain or not, nothing comes of that. target is the template that a migration leads to.
        """
        before, known = self.now, len(self.story.told)
        self.waits.append(self.story.waited)
        decision = self.story.do(caller, lambda project: decide(project, caller))
        self._keeps_all_rules(before, caller, decision, target)
        for other in PEOPLE if decision.facts else ():
            if other is not caller:
                self._keeps_all_rules(before, other, sealed(decide(before, other)), target)
        for status in OTHER_STATUSES if decision.facts else ():
            still = replace(before, status=status)
            self._keeps_all_rules(still, caller, sealed(decide(still, caller)), target)
        told = self.story.told[known:]
        self._count([fact for fact, _ in told])
        if target and told:
            self.template = target
        self._retell(told)
        self._is_in_order()
        return decision

    def _keeps_all_rules(
        self, before: Project, caller: Caller, decision: Decided | Refusal, target: Template | None
    ) -> None:
        facts, role = decision.facts, decision.role
        keeps_all_rules(
            Step(before, self.template, caller, facts, role, self.stay, self.moment, target)
        )
        if isinstance(decision, Refusal):
            fields = [
                error.pointer.partition("/")[2].partition("/")[0] for error in decision.errors
            ]
            self.reached.update(
                f"refused {decision.code} {field}".strip() for field in ["", *fields]
            )

    def _retell(self, told: Told) -> None:
        for fact, stamp in told:
            self.stay.go_on(fact, stamp, self.template)

    def _is_in_order(self) -> None:
        the_gate_sees_what_was_told(self.now, self.template, self.stay, self.moment)
        nobody_holds_what_they_may_not(self.now, self.template)
        nobody_fills_two_slots(self.template, self.stay)
        lines_end_with_somebody(self.now)
        self.kept[self.now.version] = self.now

    def assign(self, caller: Caller, role: str, person: Caller) -> None:
        command = decider.AssignRole(role=role, person_id=person.person_id)
        template = self.template
        self.do(
            caller,
            lambda project, who: decider.assign_role(project, template, command, person.name, who),
        )

    def migrate(self, caller: Caller, mapping: Mapping[str, dict[str, str]]) -> None:
        command = migrating.MigrateProject.model_validate({"reason": "改用新版流程", **mapping})
        pinned, target, hashed = self.template, self.target, body_hash(self.target)
        self.do(
            caller,
            lambda project, who: migrating.migrate(project, pinned, target, hashed, command, who),
            target,
        )

    def _count(self, facts: list[Fact]) -> None:
        names = [fact.type for fact in facts]
        for fact in facts:
            if isinstance(fact, ProjectClosed) and fact.receipt:
                names.extend(["closed through a gate", *self._asked(fact.receipt["stage"])])
            if isinstance(fact, TemplateMigrated) and len(facts) > 1:
                names.append("migrated into another stage")
            if isinstance(fact, StageAdvanced):
                names.extend(self._asked(fact.stage))
                names.append(f"passed by {self.template.judgement_of(fact.stage).mode}")
                here, there = map(self.template.stage_index, (fact.stage, fact.to_stage))
                names.extend(["round"] if there <= here else [])
        self.reached.update(names)

    def _asked(self, stage: str) -> Iterator[str]:
        """What the gate that was passed asks for."""
        for condition in self.template.stage(stage).conditions():
            yield f"gate asks for {condition.kind}"
            yield f"gate reads {getattr(condition, 'expr', '').partition('.')[0]}"

    def is_what_was_told(self) -> None:
        """The events, read back from their JSON, fold to every state on the way."""
        state: Project | None = None
        for fact, stamp in self.story.told:
            state = evolve(state, _read_back(fact), stamp)
            kept = self.kept.get(stamp.version)
            assert kept is None or kept == state, f"after {fact.type}"

    def comes_to_the_same_again(self) -> None:
        """The same commands in the same order: the same events, receipts and all."""
        again = Story()
        again.tell(OWNER, [fact for fact, _ in self.story.told[:BEGINNING]])
        for (caller, decide), again.waited in zip(self.story.decided, self.waits, strict=True):
            again.do(caller, decide)
        assert again.told == self.story.told


def _read_back(fact: Fact) -> Any:
    data = json.loads(plain_json(fact.model_dump(mode="json")))
    return decode(fact.type, fact.schema_version, data)
