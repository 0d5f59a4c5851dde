"""What happens in projects, as text to be filled in: random histories through the real deciders, with the real facts
and field changes. A script's events fit any number of projects: its ids, times and names are blanks.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from uuid import UUID

from genjin.canonical import canonical_json
from genjin.event import Actor, Fact, Stamp
from genjin.forms.events import FormRevised
from genjin_api.acting import Caller
from genjin_api.field_changes import field_changes
from genjin_api.projects.evolving import evolve
from tests.projects.histories import random_story
from tests.specification import A_PROJECT, HOLDERS, MARKETER, PROJECT_ID, START, Story

SCRIPTS = 16
STEPS = (30, 500)  # of the shortest and of the longest

# Blanks that are none of a story's own words. Numbers stand for numbers, which have no quotation marks.
POSITION, VERSION = "900000001", "900000002"
WORKSPACE, EVENT = "@workspace", "@event"
REQUEST, CORRELATION, CAUSATION = "@request", "@correlation", "@causation"
OCCURRED_AT, RECORDED_AT = "@occurred_at", "@recorded_at"
CODE, NAME = "XM-1", "某项目"
REGIONS = ("天津", "河北")
HOLDER_IDS = tuple(str(caller.person_id) for caller in HOLDERS.values())
PROJECT = str(PROJECT_ID)

_STREAM = f"project-{PROJECT_ID}"
_IDS_FROM = 1 << 64  # an event's id in a script is none of its people
_TIME = r"2026-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
_BLANK = re.compile(
    r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    rf"|{POSITION}|{VERSION}|@[a-z_]+|{_TIME}|{CODE}|{NAME}|{'|'.join(REGIONS)})"
)


@dataclass(frozen=True, slots=True)
class EventText:
    """text is the canonical body: what stands at odd places are blanks. id is a blank of the body too: later events
    name it. The story's times are all OCCURRED_AT.
    """

    type: str
    schema_version: int
    id: str
    text: list[str]
    blanks: list[str]

    def filled(self, words: dict[str, str]) -> str:
        text = self.text.copy()
        text[1::2] = [words[blank] for blank in self.blanks]
        return "".join(text)


@dataclass(frozen=True, slots=True)
class CommandText:
    """The events of one request, by the actor of this blank."""

    actor: str
    role: str | None
    events: list[EventText]


Script = list[CommandText]


@cache
def scripts() -> list[Script]:
    """The same ones in every run, from short to long."""
    shortest, longest = STEPS
    growth = (longest / shortest) ** (1 / (SCRIPTS - 1))
    return [_script(number, round(shortest * growth**number)) for number in range(SCRIPTS)]


def event_text(
    fact: Fact, actor: Actor, changes: Iterable[object], stream: str, identifier: str
) -> EventText:
    """An event with all of its envelope's blanks."""
    document = {
        "actor": actor.document(),
        "causation_id": CAUSATION,
        "changes": list(changes),
        "correlation_id": CORRELATION,
        "data": fact.model_dump(mode="json"),
        "id": identifier,
        "occurred_at": OCCURRED_AT,
        "position": int(POSITION),
        "recorded_at": RECORDED_AT,
        "request_id": REQUEST,
        "schema_version": fact.schema_version,
        "stream": stream,
        "type": fact.type,
        "version": int(VERSION),
        "workspace_id": WORKSPACE,
    }
    text = _BLANK.split(canonical_json(document).replace(f'"{CAUSATION}"', CAUSATION))
    text[1::2] = [OCCURRED_AT if re.fullmatch(_TIME, blank) else blank for blank in text[1::2]]
    return EventText(fact.type, fact.schema_version, identifier, text, text[1::2])


def _script(seed: int, steps: int) -> Script:
    retold = _Retold()
    for given in _beginning():
        retold.tell(MARKETER, given, "marketer")
    for caller, decide in random_story(seed, steps).decided:
        retold.do(caller, decide)
    return retold.commands


def _beginning() -> list[list[Fact]]:
    """The project's creation as one command, then one for each role."""
    facts = [given for given in A_PROJECT if isinstance(given, Fact)]
    return [facts[:2], *([fact] for fact in facts[2:])]


@dataclass(slots=True)
class _Retold(Story):
    """A story whose events are kept as text."""

    commands: Script = field(default_factory=list)

    def tell(self, caller: Caller, facts: Iterable[Fact], role: str | None = None) -> None:
        actor, events = caller.actor(role), []
        for fact in facts:
            version = len(self.told) + 1
            identifier = UUID(int=_IDS_FROM + version)
            stamp = Stamp(identifier, PROJECT_ID, version, START, actor)
            before, after = self.project, evolve(self.project, fact, stamp)  # type: ignore[arg-type]
            changes = [change.document() for change in field_changes(before, after)]
            text = event_text(_as_told(fact), actor, changes, _STREAM, str(identifier))
            events.append(text)
            self.project = after
            self.told.append((fact, stamp))
        if events:
            self.commands.append(CommandText(str(actor.id), role, events))


def _as_told(fact: Fact) -> Fact:
    """Random histories revise all their forms over and over. Were each of these events restricted, there would be one
    on every page of the history, and every reading would be recorded, which costs an append.
    """
    return fact.model_copy(update={"restricted": False}) if isinstance(fact, FormRevised) else fact
