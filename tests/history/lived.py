"""A log with everything that a filter can ask for, made up from a seed, and a naive answer to every question about it.

The oracle reads parsed events and knows nothing of Genjin's filters, plans or tags.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from genjin.event import Actor, Change, Fact, stream_of
from genjin.forms.events import FormCompleted
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.projects.events import HeaderChanged, RoleAssigned
from genjin.risks.events import RiskAssessed
from genjin.stages.events import ActualRecorded, StageAdvanced, StageEntered
from tests.log.log import as_calls

Event = dict[str, Any]

ROLES = ("marketer", "dept_head", None)
REGIONS = ("华东", "华北", "东北 三省", None)


class Chance(random.Random):
    """Ids that are the same for the same seed."""

    def uuid(self) -> UUID:
        return UUID(int=self.getrandbits(128), version=4)


@dataclass
class Lived:
    """Writes the same log into any workspace, for the same seed."""

    chance: Chance
    database: asyncpg.Pool
    workspace_id: UUID
    versions: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.projects = [self.chance.uuid() for _ in range(12)]
        self.people = [self.chance.uuid() for _ in range(5)]
        self.risks = [self.chance.uuid() for _ in range(40)]
        self.requests: list[str] = []

    async def live(self, calls: int, commands: int = 40) -> None:
        """Some calls of some commands each, of one to three events."""
        for _ in range(calls):
            batch = [self._command() for _ in range(commands)]
            for call in as_calls(batch):
                results = await append(self.database, self.workspace_id, call)
                assert all(isinstance(result, Appended) for result in results)

    def _command(self) -> Append:
        chance = self.chance
        stream = stream_of("project", chance.choice(self.projects))
        events = [self._event() for _ in range(chance.randint(1, 3))]
        version = self.versions.get(stream, 0)
        self.versions[stream] = version + len(events)
        request_id = f"request-{len(self.requests)}"
        self.requests.append(request_id)
        person = chance.randrange(len(self.people))
        return Append(
            stream=stream,
            expected_version=version,
            actor=Actor(
                "system" if person == 4 else "person",
                self.people[person],
                f"person {person}",
                chance.choice(ROLES),
            ),
            request_id=request_id,
            correlation_id=chance.choice(["import-1", "import-2", request_id]),
            causation_id=chance.choice([None, None, chance.choice(self.requests)]),
            events=events,
        )

    def _event(self) -> NewEvent:
        fact, changes = self._fact()
        occurred_at = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(
            seconds=self.chance.randrange(3 * 365 * 86_400)
        )
        return NewEvent(self.chance.uuid(), fact, occurred_at, changes)

    def _fact(self) -> tuple[Fact, list[Change]]:
        chance = self.chance
        stage, other = f"s{chance.randint(1, 4)}", f"s{chance.randint(1, 4)}"
        risk = chance.choice(self.risks)
        region, before = chance.choice(REGIONS), chance.choice(REGIONS)
        score, person = chance.randint(1, 25), chance.choice(self.people)
        visit = f"/course/visits/{chance.randint(1, 3)}"
        choices: list[tuple[Fact, list[Change]]] = [
            (
                ActualRecorded(stage=stage, visit=1, text="x", facts_version=1),
                [Change(f"{visit}/actual/text", before, region)],
            ),
            (
                StageAdvanced(stage=stage, visit=1, to_stage=other, receipt={}),
                [Change(f"{visit}/left_at", None, "2026-01-01")],
            ),
            (StageEntered(stage=stage, visit=1, from_stage=other), []),
            (
                RiskAssessed(
                    risk_id=risk,
                    probability=1,
                    impact=1,
                    score=score,
                    band="low",
                    rationale="",
                ),
                [
                    Change(f"/risks/{risk}/score", chance.choice([None, 1, 2]), score),
                    Change(f"/risks/{risk}/open", False, True),
                ],
            ),
            (
                HeaderChanged(header={"region": region}),
                [
                    Change("/header/region", before, region),
                    Change("/header/tags", ["a"], [region, "b"]),
                ],
            ),
            (
                RoleAssigned(role="marketer", person_id=person, person_name="x"),
                [Change("/role_holders/marketer", [], [str(person)])],
            ),
            (
                FormCompleted(
                    form=chance.choice(["visit_report", "stakeholder_roles"]),
                    copy_number=1,
                    revision=1,
                    values={"attitude": region},
                    restricted=chance.random() < 0.5,
                    facts_version=None,
                    subjects={str(person): ("/attitude",)} if chance.random() < 0.5 else {},
                    own_subject=None,
                ),
                [Change("/forms/visit_report/values/attitude", before, region)],
            ),
        ]
        return chance.choice(choices)


async def read_all(database: asyncpg.Pool, workspace_id: UUID) -> list[Event]:
    rows = await database.fetch(
        "SELECT body FROM genjin.event WHERE workspace_id = $1 ORDER BY position", workspace_id
    )
    return [orjson.loads(row["body"]) for row in rows]


@dataclass(frozen=True)
class Asked:
    """One thing that a filter says, in its text, and what it means to an event or, of_change, to one of its changes."""

    text: str
    means: Callable[[Any], bool]
    of_change: bool = False
    negated: bool = False

    @property
    def phrase(self) -> str:
        return f"-{self.text}" if self.negated else self.text


def naive(asked: list[Asked], events: list[Event]) -> list[int]:
    """The positions of the events that every question takes, by looking at all of them."""
    return [event["position"] for event in events if _takes(asked, event)]


def _takes(asked: list[Asked], event: Event) -> bool:
    of_event = [one for one in asked if not one.of_change]
    of_change = [one for one in asked if one.of_change]
    if any(one.means(event) == one.negated for one in of_event):
        return False
    if not of_change:
        return True
    changes = event["changes"]
    if all(one.negated for one in of_change):
        return not [1 for change in changes for one in of_change if one.means(change)]
    fitting = [c for c in changes if all(one.means(c) != one.negated for one in of_change)]
    return len(fitting) > 0


def questions(chance: random.Random, events: list[Event]) -> list[Asked]:
    """Every field with values of some of these events, so that most questions find something."""
    one, two = chance.choice(events), chance.choice(events)
    changes = [change for event in (one, two) for change in event["changes"]]
    return [*_of_events(one, two), *_of_changes(chance.choice(changes) if changes else None)]


def _of_events(one: Event, two: Event) -> list[Asked]:
    noun = one["type"].split(".")[0]
    low, high = sorted((one["position"], two["position"]))
    early, late = sorted((one["recorded_at"], two["recorded_at"]))
    day, end = sorted((one["occurred_at"][:10], two["occurred_at"][:10]))
    month = one["occurred_at"][:7]
    data, project = one["data"], one["stream"][len("project-") :]
    subject = data.get("risk_id") or data.get("person_id") or data.get("form") or project
    return [
        Asked(
            f"subject:{subject}",
            lambda e: (
                subject
                in (
                    e["stream"][len("project-") :],
                    *(e["data"].get(k) for k in ("risk_id", "person_id", "form")),
                    *e["data"].get("subjects", ()),
                )
            ),
        ),
        Asked(f"type:{one['type']}", lambda e: e["type"] == one["type"]),
        Asked(
            f"type:{noun}.*,{two['type']}",
            lambda e: e["type"].split(".")[0] == noun or e["type"] == two["type"],
        ),
        Asked("type:*", lambda e: True),
        Asked(f"actor:{one['actor']['id']}", lambda e: e["actor"]["id"] == one["actor"]["id"]),
        Asked("actor_type:system", lambda e: e["actor"]["type"] == "system"),
        Asked("role:marketer", lambda e: e["actor"]["role"] == "marketer"),
        Asked("role:dept_head,nobody", lambda e: e["actor"]["role"] == "dept_head"),
        Asked(
            "stage:s2",
            lambda e: "s2" in [e["data"].get(k) for k in ("stage", "to_stage", "from_stage")],
        ),
        Asked(f"project:{project}", lambda e: e["stream"] == f"project-{project}"),
        Asked(
            f"stream:{one['stream']},{two['stream']}",
            lambda e: e["stream"] in (one["stream"], two["stream"]),
        ),
        Asked(f"recorded:{early}..{late}", lambda e: early <= e["recorded_at"] < late),
        Asked(f"recorded:{early}..", lambda e: early <= e["recorded_at"]),
        Asked(f"recorded:..{early}", lambda e: e["recorded_at"] < early),
        Asked(f"occurred:{day}..{end}", lambda e: day <= e["occurred_at"][:10] < end),
        Asked(f"occurred:{day}..", lambda e: day <= e["occurred_at"][:10]),
        Asked(f"occurred:..{one['occurred_at']}", lambda e: e["occurred_at"] < one["occurred_at"]),
        Asked(
            f"occurred:{month}-01..{month}-27",
            lambda e: f"{month}-01" <= e["occurred_at"][:10] < f"{month}-27",
        ),
        Asked(f"request_id:{one['request_id']}", lambda e: e["request_id"] == one["request_id"]),
        Asked("correlation_id:import-1", lambda e: e["correlation_id"] == "import-1"),
        Asked(
            f"correlation_id:{one['correlation_id']}",
            lambda e: e["correlation_id"] == one["correlation_id"],
        ),
        Asked(
            f"causation_id:{one['request_id']},{two['request_id']}",
            lambda e: e["causation_id"] in (one["request_id"], two["request_id"]),
        ),
        Asked(f"id:{one['id']},{two['id']}", lambda e: e["id"] in (one["id"], two["id"])),
        Asked(f"position:{low}..{high}", lambda e: low <= e["position"] < high),
        Asked(f"position:{low}..", lambda e: e["position"] >= low),
    ]


def _of_changes(change: Event | None) -> list[Asked]:
    found = [
        Asked("path:/header/*", lambda c: c["path"].startswith("/header/"), of_change=True),
        Asked("path:/*", lambda c: True, of_change=True),
        Asked(
            "path:/course/visits/2/*",
            lambda c: c["path"].startswith("/course/visits/2/"),
            of_change=True,
        ),
        Asked("after:华北", lambda c: c["after"] == "华北", of_change=True),
        Asked("before:null", lambda c: c["before"] is None, of_change=True),
        Asked(
            'after:"东北 三省",true',
            lambda c: c["after"] == "东北 三省" or c["after"] is True,
            of_change=True,
        ),
        Asked("before:nothing", lambda c: False, of_change=True),
    ]
    if change:
        found.append(
            Asked(f"path:{change['path']}", lambda c: c["path"] == change["path"], of_change=True)
        )
        if type(change["after"]) is int:
            found.append(
                Asked(
                    f"after:{change['after']}",
                    lambda c: c["after"] == change["after"] and c["after"] is not True,
                    of_change=True,
                )
            )
    return found


def question(chance: random.Random, events: list[Event], terms: int) -> list[Asked]:
    """Some of them at once, some negated."""
    chosen = chance.sample(questions(chance, events), terms)
    return [
        Asked(one.text, one.means, one.of_change, negated=chance.random() < 0.3) for one in chosen
    ]
