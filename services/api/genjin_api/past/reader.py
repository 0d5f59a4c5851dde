"""Who reads about a project, and what its words are looked up in. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.templates.model import Template
from genjin.templates.words import Text
from genjin_api.past.field_words import Words
from genjin_api.projects.state import Project


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom something is put into words. language: zh or en. states: where titles are looked up, in this order."""

    template: Template
    states: Sequence[Project]
    language: str
    time_zone: str
    persons: Mapping[str, str]
    """The names of those whom the states name, by id: as they were called then."""

    def say(self, text: Text) -> str:
        return text.zh if self.language == "zh" else text.en

    def word(self, words: Words) -> str:
        return words[0 if self.language == "zh" else 1]

    def titled(self, items: Iterable[Any], key: str) -> str:
        """The title of the item with this key. A template of another version may not know it: then the key."""
        return next((self.say(item.title) for item in items if item.key == key), key)


def reader_of(
    template: Template,
    states: Sequence[Project],
    language: str,
    time_zone: str,
    contacts: Mapping[str, str] | None = None,
) -> Reader:
    """contacts: the names of those contacts that the reader may see, by id."""
    persons = {str(one): name for state in reversed(states) for one, name in _named_in(state)}
    return Reader(template, states, language, time_zone, persons | dict(contacts or {}))


def _named_in(state: Project) -> Iterator[tuple[UUID, str]]:
    for holders in state.role_holders.values():
        yield from ((holder.person_id, holder.person_name) for holder in holders)
    for visit in state.course.visits.values():
        yield from ((one.person_id, one.person_name) for one in visit.judgements.values())
        if visit.actual:
            yield visit.actual.recorded_by, visit.actual.recorder_name
    yield from ((one.owner_id, one.owner_name) for one in state.course.follow_ups.values())
    yield from ((one.owner_id, one.owner_name) for one in state.risks.values())
    for finding in state.findings.values():
        yield finding.raised_by, finding.raiser_name
        if finding.responsible_id and finding.responsible_name:
            yield finding.responsible_id, finding.responsible_name
        if finding.correction:
            yield finding.correction.person_id, finding.correction.person_name
    for metric in state.metrics.values():
        if metric.newest:
            yield metric.newest.recorded_by, metric.newest.recorder_name
    yield from ((one.person_id, one.person_name) for one in state.corrections.values())
    yield from _named_in_engagement(state)
    for record in state.forms.values():
        yield from ((one.person_id, one.person_name) for one in record.signatures.values())


def _named_in_engagement(state: Project) -> Iterator[tuple[UUID, str]]:
    if state.health:
        yield state.health.person_id, state.health.person_name
    for goal in state.goals.values():
        for progress in (goal.newest, goal.newest_value):
            if progress:
                yield progress.recorded_by, progress.recorder_name
    for warning in state.warnings.values():
        yield from ((UUID(key), one.person_name) for key, one in warning.people.items())
