"""Health, goals and the people inside the customer told from the facts alone, and what expressions say of them: a
second, plain way.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from genjin.event import Fact, Stamp
from genjin.goals.events import GoalAdjusted, GoalEnded, GoalFact, GoalProgressed, GoalSet
from genjin.health.events import HealthAssessed
from genjin.metrics.events import MetricRecorded
from genjin.stakeholders.events import (
    RelationshipScored,
    StakeholderChanged,
    StakeholderIdentified,
    StakeholderRemoved,
)
from genjin_api.projects.state import Project


@dataclass
class Relations:
    """Of each what was said last, and the event that said it: at "by", of a goal by what it said. Of a person "told" is
    all that was said of the roles and the line since the identification, gone are the removals.
    """

    health: dict[str, Any] = field(default_factory=dict)
    goals: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    people: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    scores: dict[UUID, list[UUID]] = field(default_factory=dict)
    gone: dict[UUID, UUID] = field(default_factory=dict)
    values: dict[str, list[tuple[date, float]]] = field(default_factory=dict)

    def go_on(self, fact: Fact, stamp: Stamp) -> None:
        match fact:
            case HealthAssessed():
                self.health = {"level": fact.level, "role": stamp.actor.role, "by": stamp.event_id}
            case MetricRecorded():
                self.values.setdefault(fact.metric, []).append((fact.on, fact.value))
            case _ if isinstance(fact, GoalFact):
                self._of_goal(fact, stamp.event_id)
            case _:
                self._of_person(fact, stamp.event_id)

    def _of_person(self, fact: Fact, event_id: UUID) -> None:
        match fact:
            case StakeholderRemoved():
                self.people.pop(fact.contact_id)
                self.gone[fact.contact_id] = event_id
                for one in self.people.values():
                    if one["above"] == fact.contact_id:
                        one["above"] = None
                        one["told"].append((event_id, one["roles"], None))
            case StakeholderIdentified() | StakeholderChanged():
                self.gone.pop(fact.contact_id, None)
                nothing: dict[str, Any] = {"stance": None, "told": [], "by": None}
                person = self.people.setdefault(fact.contact_id, nothing)
                person |= {"roles": fact.roles, "above": fact.reports_to}
                person["told"].append((event_id, fact.roles, fact.reports_to))
                if "stance" in fact.values:
                    person |= {"stance": fact.values["stance"], "by": event_id}
            case RelationshipScored():
                self.scores.setdefault(fact.contact_id, []).append(event_id)
            case _:
                pass

    def _of_goal(self, fact: GoalFact, event_id: UUID) -> None:
        match fact:
            case GoalSet():
                least = fact.direction == "at_least"
                told = {"least": least, "metric": fact.metric, "target": fact.target}
                self.goals[fact.goal_id] = told | {"open": True, "values": []}
                self.goals[fact.goal_id]["by"] = {"set": event_id}
            case GoalAdjusted():
                self.goals[fact.goal_id]["target"] = fact.target
                self.goals[fact.goal_id]["by"]["adjusted"] = event_id
            case GoalProgressed():
                if fact.value is not None:
                    self.goals[fact.goal_id]["values"].append((fact.on, fact.value, event_id))
            case GoalEnded():
                self.goals[fact.goal_id]["open"] = False
                self.goals[fact.goal_id]["by"]["ended"] = event_id

    def say(self, expression: str) -> bool:
        return SAY[expression](self)

    def rest_on(self, expression: str) -> Iterator[UUID]:
        """The events that said last what the expression reads."""
        if expression.startswith("health"):
            yield from [self.health["by"]] if self.health else []
        elif expression.startswith("stakeholders"):
            yield from self.gone.values()
            for key, person in self.people.items():
                yield from of_person(person)
                yield from self.scores.get(key, [])[-1:]
        else:
            for goal in self.goals.values():
                yield from goal["by"].values()
                yield from (event_id for _, _, event_id in newest(goal["values"]))

    def reached_goals(self) -> Iterator[UUID]:
        for identifier, goal in self.goals.items():
            known = self.values.get(goal["metric"], []) if goal["metric"] else goal["values"]
            if not known or goal["target"] is None:
                continue
            value = newest(known)[0][1]
            apart = value - goal["target"]
            if apart == 0 or (apart > 0) == goal["least"]:
                yield identifier


def newest(told: Sequence[tuple[Any, ...]]) -> Sequence[tuple[Any, ...]]:
    """What was told of the latest day, of one day what was told last; none where nothing was told."""
    return sorted(told, key=lambda one: one[0])[-1:]


def of_person(person: Mapping[str, Any]) -> Iterator[UUID]:
    """The identification; what gave or took each role last, what moved the line last, what said the stance last."""
    told = person["told"]
    yield told[0][0]
    yield from [person["by"]] if person["by"] else []
    for role in {role for _, roles, _ in told for role in roles}:
        yield last_turn([(event_id, role in roles) for event_id, roles, _ in told])
    yield last_turn([(event_id, above) for event_id, _, above in told])


def last_turn(told: Sequence[tuple[UUID, Any]]) -> UUID:
    """The event since which the same is said."""
    since = told[0]
    for event_id, said in told:
        since = since if said == since[1] else (event_id, said)
    return since[0]


SAY: Mapping[str, Callable[[Relations], bool]] = {
    "goals.exists(goal, goal.is_reached == true)": lambda told: any(told.reached_goals()),
    "goals.all(goal, goal.status != 'open')": lambda told: (
        not any(goal["open"] for goal in told.goals.values())
    ),
    "health.level == 'good'": lambda told: told.health.get("level") == "good",
    "health.role != 'boss'": lambda told: told.health.get("role") != "boss",
    "stakeholders.exists(one, 'decision_maker' in one.roles && one.stance_known)": lambda told: any(
        "decision_maker" in one["roles"] and one["stance"] is not None
        for one in told.people.values()
    ),
    "stakeholders.all(one, one.scores > 0 || one.reports_to != null)": lambda told: all(
        told.scores.get(key) or one["above"] for key, one in told.people.items()
    ),
}


def lines_end_with_somebody(project: Project) -> None:
    """Nobody reports to themselves, over however many others, or to somebody who is not there."""
    there = {one.id: one for one in project.stakeholders.values() if one.status == "active"}
    for one in there.values():
        passed = [one.id]
        while above := there[passed[-1]].reports_to:
            assert above in there and above not in passed, passed
            passed.append(above)
