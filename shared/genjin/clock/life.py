"""What the clock must know of a project's past: when it ran, where it stood, what was done again and again. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from genjin.clock.periods import DAY, Span

RUNS_FROM = frozenset({"project.created", "project.resumed", "project.reopened"})
RESTS_FROM = frozenset({"project.suspended", "project.closed"})
MIGRATED = "project.template_migrated"
STAGE_ENTERED = "stage.entered"
ACTUAL_RECORDED = "stage.actual_recorded"
FORM_COMPLETED = "form.completed"
CADENCE_MISSED = "cadence.missed"
ROLE_ASSIGNED = "project.role_assigned"
ROLE_RELEASED = "project.role_released"
# The types of events that a life is made of.
TYPES = (
    RUNS_FROM
    | RESTS_FROM
    | {MIGRATED, STAGE_ENTERED, ACTUAL_RECORDED, FORM_COMPLETED, CADENCE_MISSED}
    | {ROLE_ASSIGNED, ROLE_RELEASED}
)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as far as the clock reads it. name is the stage, the form, the cadence or the role that it is about;
    until is the end of a period that was told as missed. person_id: who was given the role or lost it, else who acted.
    roles: new names of roles by their old ones.
    """

    type: str
    day: date
    name: str = ""
    visit: int = 0
    until: date | None = None
    person_id: UUID | None = None
    roles: Mapping[str, str] = field(default_factory=dict)


class Deed(NamedTuple):
    """Something that was done on a day. person_id None: by nobody knows whom."""

    day: date
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class Stay:
    stage: str
    visit: int
    span: Span


@dataclass(frozen=True, slots=True)
class Life:
    """running: when the project was neither suspended nor closed. told_until: of each cadence the last day up to which
    its turns were judged missed. ruled_since: since when the project has run by its template's present version. held:
    by role and person, when they held it.
    """

    running: Sequence[Span]
    stays: Sequence[Stay]
    completed: Mapping[str, Sequence[Deed]]
    actuals: Sequence[tuple[str, Deed]]
    told_until: Mapping[str, date]
    ruled_since: date
    held: Mapping[str, Mapping[UUID, Sequence[Span]]]

    def within(self, stages: Sequence[str]) -> Sequence[Span]:
        """When the project ran by its present rules in one of these stages, or at all where none is named."""
        ruled = _shared(self.running, [Span(self.ruled_since)])
        if not stages:
            return ruled
        return _shared(_joined(stay.span for stay in self.stays if stay.stage in stages), ruled)


def life_of(happenings: Sequence[Happening]) -> Life:
    """From a stream's happenings in the order of their versions. A project whose beginning is not among them began with
    the first of them.
    """
    completed: dict[str, list[Deed]] = {}
    told_until: dict[str, date] = {}
    for each in happenings:
        if each.type == FORM_COMPLETED:
            completed.setdefault(each.name, []).append(Deed(each.day, each.person_id))
        elif each.type == CADENCE_MISSED and each.until is not None:
            told_until[each.name] = max(each.until, told_until.get(each.name, each.until))
    return Life(
        running=_joined(_running(happenings)),
        stays=list(_stays(happenings)),
        completed=completed,
        actuals=[
            (each.name, Deed(each.day, each.person_id))
            for each in happenings
            if each.type == ACTUAL_RECORDED
        ],
        told_until=told_until,
        ruled_since=max(
            (each.day for each in happenings if each.type == MIGRATED), default=date.min
        ),
        held=_held(happenings),
    )


def _running(happenings: Sequence[Happening]) -> Iterator[Span]:
    """The day of a suspension is not one on which the project ran; that of a resumption is."""
    first = happenings[0].day if happenings else None
    for each in happenings:
        if each.type in RUNS_FROM:
            first = each.day if first is None else first
        elif each.type in RESTS_FROM and first is not None:
            yield Span(first, each.day - DAY)
            first = None
    if first is not None:
        yield Span(first)


def _held(happenings: Sequence[Happening]) -> Mapping[str, Mapping[UUID, Sequence[Span]]]:
    """The day on which a role was given counts, that on which it was taken away does not."""
    held: dict[str, dict[UUID, list[Span]]] = {}
    for each in happenings:
        if each.type == MIGRATED:
            held = _renamed(held, each.roles)
        elif each.person_id is None:
            continue
        elif each.type == ROLE_ASSIGNED:
            held.setdefault(each.name, {}).setdefault(each.person_id, []).append(Span(each.day))
        elif each.type == ROLE_RELEASED:
            spans = held.get(each.name, {}).get(each.person_id)
            if spans:
                spans[-1] = Span(spans[-1].first, each.day - DAY)
    return {
        role: {person: _joined(spans) for person, spans in people.items()}
        for role, people in held.items()
    }


def _renamed(
    held: Mapping[str, Mapping[UUID, Sequence[Span]]], roles: Mapping[str, str]
) -> dict[str, dict[UUID, list[Span]]]:
    """Two roles that become one have the holders of both."""
    renamed: dict[str, dict[UUID, list[Span]]] = {}
    for role, people in held.items():
        there = renamed.setdefault(roles.get(role, role), {})
        for person, spans in people.items():
            there.setdefault(person, []).extend(spans)
    return renamed


def _stays(happenings: Sequence[Happening]) -> Iterator[Stay]:
    entries = [each for each in happenings if each.type == STAGE_ENTERED]
    for number, entry in enumerate(entries, 1):
        last = entries[number].day - DAY if number < len(entries) else None
        yield Stay(entry.name, entry.visit, Span(entry.day, last))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Spans that touch become one; those that hold no day go."""
    joined: list[Span] = []
    for span in sorted(spans, key=lambda span: span.first):
        if span.last is not None and span.last < span.first:
            continue
        before = joined[-1] if joined else None
        if before and (before.last is None or before.last >= span.first - DAY):
            last = None if before.last is None or span.last is None else max(before.last, span.last)
            joined[-1] = Span(min(before.first, span.first), last)
        else:
            joined.append(span)
    return joined


def _shared(some: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The days that lie in a span of both."""
    shared: list[Span] = []
    for one in some:
        for other in others:
            first = max(one.first, other.first)
            last = min((span.last for span in (one, other) if span.last is not None), default=None)
            if last is None or first <= last:
                shared.append(Span(first, last))
    return shared
