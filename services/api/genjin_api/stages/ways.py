"""The ways on from a stage: its exits, each under its condition, and the stages that may be passed over. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.templates.expressions import holds
from genjin.templates.model import Exit, Stage, Template
from genjin_api.acting import Caller, Moment
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stages.gate.values import Values
from genjin_api.stages.passing import refused_advance


@dataclass(frozen=True, slots=True)
class Way:
    """Where an advance leads. condition is that of the exit that was taken, null without one; events are those that
    made true what opened the way, skips and all, and false what shut the exits before it.
    """

    to_stage: str
    condition: str | None = None
    skipped: tuple[str, ...] = ()
    events: tuple[UUID, ...] = ()

    def receipt(self) -> Mapping[str, Any]:
        """What a gate's receipt says of the way that was taken; nothing of one without condition or skip."""
        told: dict[str, Any] = {}
        if self.condition is not None:
            told["exit"] = {"to_stage": self.to_stage, "when": self.condition}
        if self.skipped:
            told["skipped"] = list(self.skipped)
        return {**told, **way_events(self.events)}


def way_events(events: Iterable[UUID]) -> Mapping[str, Any]:
    """What a receipt rests on besides its checks: what its way on, or its outcome, was decided by."""
    names = [str(event) for event in dict.fromkeys(events)]
    return {"way_events": names} if names else {}


def way_to(
    project: Project, template: Template, to_stage: str | None, caller: Caller, values: Values
) -> Way | Refusal:
    """The way to a stage, or the first open one when no stage is named."""
    stage = template.stage(project.course.current.stage)
    if not stage.exits:
        return Refusal(
            "at_final_stage", "this is the last stage: close the project with its outcome"
        )
    if to_stage is None:
        found = next((exit_ for exit_ in stage.exits if is_open(exit_, values)), None)
        if found is None:
            return _closed(project, caller, stage.exits)
        return _first_through(found, stage, values)
    named = [exit_ for exit_ in stage.exits if exit_.to == to_stage]
    found = next((exit_ for exit_ in named if is_open(exit_, values)), None)
    if found:
        return _first_through(found, stage, values)
    if named:
        return _closed(project, caller, named)
    for way in _skipping(project, template, caller, values):
        if way.to_stage == to_stage:
            return way
    leads_to = " or ".join(dict.fromkeys(exit_.to for exit_ in stage.exits))
    return Refusal("skip_refused", f"stage {stage.key} leads to {leads_to}, not to {to_stage}")


def ways(project: Project, template: Template, moment: Moment) -> list[dict[str, Any]]:
    """The exits of the stage where the project stands, each open or not."""
    values = Values(project, template, moment)
    return [
        {
            "to_stage": exit_.to,
            "open": is_open(exit_, values),
            "when": exit_.when,
            "text": exit_.text,
        }
        for exit_ in template.stage(project.course.current.stage).exits
    ]


def is_open(exit_: Exit, values: Values) -> bool:
    return exit_.when is None or holds(exit_.when, values.all)[0]


def _first_through(exit_: Exit, stage: Stage, values: Values) -> Way:
    """It rests on the conditions of the exits before it too: without a stage named it is taken because they are shut.
    With one named the receipt is the same, for it does not keep whether the stage was named.
    """
    before = stage.exits[: stage.exits.index(exit_)]
    shut = [event for passed in before for event in _told(passed.when, values)]
    return Way(exit_.to, exit_.when, events=(*shut, *_told(exit_.when, values)))


def _through(exit_: Exit, values: Values) -> Way:
    return Way(exit_.to, exit_.when, events=_told(exit_.when, values))


def _told(expression: str | None, values: Values) -> tuple[UUID, ...]:
    return () if expression is None else values.events_of(expression)


def _closed(project: Project, caller: Caller, exits: Sequence[Exit]) -> Refusal:
    blockers = [
        {"code": "exit_closed", "subject": exit_.to, "value": exit_.when} for exit_ in exits
    ]
    needs = "; ".join(
        f"{exit_.to}: {exit_.text.en if exit_.text else exit_.when}" for exit_ in exits
    )
    detail = f"no such way on from {project.course.current.stage} is open now ({needs})"
    return refused_advance(project, caller, "exit_closed", detail, blockers)


def _skipping(
    project: Project, template: Template, caller: Caller, values: Values
) -> Iterator[Way]:
    """The ways that pass over stages which the caller may skip, the shortest first. No stage is passed twice."""
    roles = set(project.roles_of(caller.person_id))
    start = template.stage(project.course.current.stage)
    ways = [_through(exit_, values) for exit_ in start.exits if is_open(exit_, values)]
    seen = {start.key, *(way.to_stage for way in ways)}
    while ways:
        way = ways.pop(0)
        stage = template.stage(way.to_stage)
        rule = stage.skip
        if rule is None or not roles & set(rule.by):
            continue
        if rule.when is not None and not holds(rule.when, values.all)[0]:
            continue
        for exit_ in stage.exits:
            if exit_.to not in seen and is_open(exit_, values):
                seen.add(exit_.to)
                events = (*way.events, *_told(rule.when, values), *_told(exit_.when, values))
                further = Way(exit_.to, way.condition, (*way.skipped, stage.key), events)
                ways.append(further)
                yield further
