"""The life of a workspace: its people come, then projects begin, go on and end, command by command."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from genjin.canonical import instant
from genjin.event import Actor, Fact, stream_of
from genjin.people.events import ApiKeyCreated, PersonAdded
from genjin.workspaces.events import WorkspaceCreated
from tests.bench.made_log.scripts import (
    CAUSATION,
    CODE,
    CORRELATION,
    EVENT,
    HOLDER_IDS,
    NAME,
    OCCURRED_AT,
    PROJECT,
    REGIONS,
    REQUEST,
    WORKSPACE,
    EventText,
    event_text,
    scripts,
)
from tests.bench.made_log.words import PEOPLE_NAMES, Words, place, project_name, uuid_of

PEOPLE = 200
OPEN_PROJECTS = 200  # at a time; a script has 350 events on average
IMPORT_SHARE = 0.02
CAUSED_SHARE = 0.05
LATE_SHARE = 0.2
LATE_SECONDS_MAX = 20 * 86_400

_FIRST_ACT = 3.0  # seconds at most between what happens and its recording


@dataclass(frozen=True, slots=True)
class Command:
    """The events of one request on one stream. words has a word for every blank of theirs but the log's own."""

    stream: str
    version: int
    actor: str
    role: str | None
    occurred_at: datetime
    events: list[EventText]
    words: Words


class Life:
    """The same one for the same seed, and endless: whoever writes it down says how long it is."""

    def __init__(self, seed: int, workspace_id: UUID, moment: datetime) -> None:
        self.go_on_to(moment)
        self.chance = Random(seed)
        self._workspace_id = str(workspace_id)
        self.people = [self._new_id() for _ in range(PEOPLE)]
        self.key_id = self._new_id()
        self._projects = 0
        self._last_request = "request-0"

    def go_on_to(self, moment: datetime) -> None:
        """The commands from here on are recorded at this time, and their ids are of it."""
        self.moment = moment
        self._milliseconds = int(moment.timestamp() * 1000)

    def commands(self, key_prefix: str) -> Iterator[Command]:
        """key_prefix is that of the owner's API key."""
        yield from self._people_come(key_prefix)
        opened = [self._project() for _ in range(OPEN_PROJECTS)]
        while True:
            number = int(self.chance.random() * OPEN_PROJECTS)
            command = next(opened[number], None)
            if command is None:
                opened[number] = self._project()
            else:
                yield command

    def _new_id(self) -> str:
        return uuid_of(self.chance, self._milliseconds)

    def _people_come(self, key_prefix: str) -> Iterator[Command]:
        owner = self.people[0]
        workspace = WorkspaceCreated(name="测量", time_zone="Asia/Shanghai")
        yield self._first_of("workspace", self._workspace_id, workspace)
        for number, person in enumerate(self.people):
            name = PEOPLE_NAMES[number % len(PEOPLE_NAMES)]
            role = "member" if number else "owner"
            fact = PersonAdded.model_validate({"name": name, "workspace_role": role})
            yield self._first_of("person", person, fact)
        key = ApiKeyCreated(person_id=UUID(owner), name="key", prefix=key_prefix, expires_at=None)
        yield self._first_of("api_key", self.key_id, key)

    def _first_of(self, noun: str, identifier: str, fact: Fact) -> Command:
        """By the owner, who has no blank."""
        owner = UUID(self.people[0])
        stream = stream_of(noun, UUID(identifier))
        event = event_text(fact, Actor("person", owner, PEOPLE_NAMES[0]), [], stream, EVENT)
        words = Words(self._new_id)
        own = {blank: blank for blank in event.blanks if not blank.startswith("@")}
        words.update(own)
        return self._command(stream, 1, str(owner), None, [event], words)

    def _project(self) -> Iterator[Command]:
        """A script from its first command to its last."""
        chance = self.chance
        self._projects += 1
        words = Words(self._new_id)
        words.update({holder: chance.choice(self.people) for holder in HOLDER_IDS})
        words.update({region: place(chance) for region in REGIONS})
        words[CODE] = f"XM-{self._projects:06}"
        words[NAME] = project_name(chance, self._projects)
        stream, version = f"project-{words[PROJECT]}", 1
        for told in chance.choice(scripts()):
            actor = words[told.actor]
            yield self._command(stream, version, actor, told.role, told.events, words)
            version += len(told.events)

    def _command(
        self,
        stream: str,
        version: int,
        actor: str,
        role: str | None,
        events: list[EventText],
        words: Words,
    ) -> Command:
        chance = self.chance
        late = LATE_SECONDS_MAX if chance.random() < LATE_SHARE else _FIRST_ACT
        occurred_at = self.moment - timedelta(seconds=late * chance.random())
        request = self._new_id()
        grouped = chance.random() < IMPORT_SHARE
        words[WORKSPACE] = self._workspace_id
        words[OCCURRED_AT] = instant(occurred_at)
        words[REQUEST] = request
        words[CORRELATION] = f"import-{int(chance.random() * 1000)}" if grouped else request
        caused = chance.random() < CAUSED_SHARE
        words[CAUSATION] = f'"{self._last_request}"' if caused else "null"
        self._last_request = request
        return Command(stream, version, actor, role, occurred_at, events, words)
