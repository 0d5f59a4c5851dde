"""Whole states of a project as the reader is shown them: one look, whatever of them is opened for it."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeVar

from genjin_api.action import Request
from genjin_api.audit.decider import RecordDisclosure
from genjin_api.audit.recording import record_opened
from genjin_api.forms.reading import open_forms
from genjin_api.http.context import Services
from genjin_api.projects.state import Project
from genjin_api.stakeholders.reading import differing, open_stakeholders

Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which forms, by their copies, and which stakeholders are to be opened; None: all."""

    forms: Collection[str] | None = None
    stakeholders: Collection[str] | None = None


EVERYTHING = Chosen()


async def disclose_state(
    services: Services,
    reader: Request,
    project: Project,
    chosen: Chosen = EVERYTHING,
    *,
    past: bool,
) -> Project:
    """With what is chosen in the clear. past: it was asked for as one of the past."""
    [shown] = await _disclosed(services, reader, [project], chosen, past=past)
    return shown


async def disclose_difference(
    services: Services, reader: Request, before: Project, after: Project
) -> tuple[Project, Project]:
    """With that in the clear which is not the same in both."""
    chosen = Chosen(
        differing(before.forms, after.forms),
        differing(before.stakeholders, after.stakeholders),
    )
    states = before, after
    shown = await _disclosed(
        services, reader, states, chosen, past=True, from_version=before.version
    )
    return shown[0], shown[1]


async def _disclosed(
    services: Services,
    reader: Request,
    states: Sequence[Project],
    chosen: Chosen,
    *,
    past: bool,
    from_version: int | None = None,
) -> list[Project]:
    """The last of the states is the one that the record calls the project's version."""
    shown, counts = [], Counter[str]()
    forms, stakeholders = set(), set()
    for state in states:
        with_forms, found = await open_forms(services, reader, state, chosen.forms)
        project, people = await open_stakeholders(services, reader, with_forms, chosen.stakeholders)
        shown.append(project)
        forms.update(found.forms)
        stakeholders.update(people.stakeholders)
        counts.update(found.opened)
        counts.update(people.counts)
    newest = states[-1]
    command = RecordDisclosure(
        newest.id,
        newest.version,
        list(forms),
        counts,
        from_version=from_version,
        past=past,
        stakeholders=list(stakeholders),
    )
    await record_opened(services, reader, command)
    return shown
