"""A random process as people go through it: every command is decided by the real deciders, every rule is held against
every decision.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from hypothesis import event

from genjin.canonical import plain_json
from genjin.catalog import decode
from genjin.event import Fact
from genjin.projects.events import ProjectClosed
from genjin.stages.events import StageAdvanced
from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.projects import decider, migrating
from genjin_api.projects.state import Project, evolve
from genjin_api.refusal import Refusal
from genjin_api.stages.gate import Gate, gate
from tests.specification import HOLDERS, MOMENT, OUTSIDER, OWNER, Story
from tests.stages.keeping_rules import Step, nobody_fills_two_slots, nobody_holds_what_they_may_not

Decide = Callable[[Project], Decision]
PEOPLE = (*HOLDERS.values(), OWNER, OUTSIDER)
# The project is created and enters its first stage.
BEGINNING = 2
RENAMED = {"s0": "begin", "seller": "vendor"}


@dataclass
class Process:
    """told is a Story; kept are the states after each decision by their versions, reached counts what came about."""

    template: Template
    reached: Counter[str]
    story: Story = field(default_factory=Story)
    kept: dict[int, Project] = field(default_factory=dict)

    def begin(self, *, shared: bool) -> None:
        """By the owner, each role with a holder of its own; shared: the first is meant to hold the last as well."""
        command = decider.CreateProject(code="XM-1", header={"name": "某项目"})
        decided = decider.create(command, self.template, body_hash(self.template))
        assert isinstance(decided, Decided)
        self.story.tell(OWNER, decided.facts)
        for role, person in zip(self.template.roles, PEOPLE, strict=False):
            self.assign(OWNER, role.key, person)
        if shared:
            self.assign(OWNER, self.template.roles[-1].key, PEOPLE[0])

    @property
    def now(self) -> Project:
        return self.story.now

    def gate(self) -> Gate:
        return gate(self.now, self.template, MOMENT)

    @cached_property
    def target(self) -> Template:
        """The next version: its first stage and one role have other keys, and one person may hold less."""
        words = json.dumps(self.template.model_dump(mode="json"))
        for old, new in RENAMED.items():
            words = words.replace(f'"{old}"', f'"{new}"')
        pair = [["vendor", "boss"]]
        return Template.model_validate(json.loads(words) | {"version": 2, "never_both": pair})

    def do(
        self, caller: Caller, decide: Decide, target: Template | None = None
    ) -> Decided | Refusal:
        """target is the template that a migration leads to."""
        before, told = self.now, list(self.story.told)
        decision = self.story.do(caller, decide)
        facts = [fact for fact, _ in self.story.told[len(told) :]]
        Step(before, self.template, caller, facts, decision.role, told).keeps_all_rules()
        self._count(decision, facts)
        if target and facts:
            self.template = target
        nobody_holds_what_they_may_not(self.now, self.template)
        nobody_fills_two_slots(self.now)
        self.kept[self.now.version] = self.now
        return decision

    def assign(self, caller: Caller, role: str, person: Caller) -> None:
        command = decider.AssignRole(role=role, person_id=person.person_id)
        template = self.template
        self.do(
            caller,
            lambda project: decider.assign_role(project, template, command, person.name, caller),
        )

    def migrate(self, caller: Caller, mapping: Mapping[str, dict[str, str]]) -> None:
        command = migrating.MigrateProject.model_validate({"reason": "改用新版流程", **mapping})
        target, hashed = self.target, body_hash(self.target)
        self.do(
            caller,
            lambda project: migrating.migrate(project, target, hashed, command, caller),
            target,
        )

    def _count(self, decision: Decided | Refusal, facts: list[Fact]) -> None:
        names = [fact.type for fact in facts]
        if isinstance(decision, Refusal):
            names.append(f"refused {decision.code}")
        for fact in facts:
            if isinstance(fact, ProjectClosed) and fact.receipt:
                names.append("closed through a gate")
            if isinstance(fact, StageAdvanced):
                names.append(f"passed by {self.template.judgement_of(fact.stage).mode}")
                here, there = map(self.template.stage_index, (fact.stage, fact.to_stage))
                names.extend(["round"] if there <= here else [])
        self.reached.update(names)
        for name in names:
            event(name)

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
        for caller, decide in self.story.decided:
            again.do(caller, decide)
        assert again.told == self.story.told


def _read_back(fact: Fact) -> Any:
    data = json.loads(plain_json(fact.model_dump(mode="json")))
    return decode(fact.type, fact.schema_version, data)
