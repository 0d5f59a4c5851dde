"""Mistakes of the way through the stages: what each kind of process must and must not do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genjin.templates.mistakes.mistake import Mistake, unknown

if TYPE_CHECKING:
    from genjin.templates.model import Template

Ways = dict[str, list[str]]


def of(template: Template) -> Iterator[Mistake]:
    yield from _names(template)
    ways = {stage.key: [way.to for way in stage.exits] for stage in template.stages}
    if any(to not in ways for targets in ways.values() for to in targets):
        return
    yield from _unreached(template, ways)
    if template.kind == "stage_gate":
        yield from _stage_gate(template, ways)
    else:
        yield from _rounds(template, ways)


def _names(template: Template) -> Iterator[Mistake]:
    keys = [stage.key for stage in template.stages]
    for index, stage in enumerate(template.stages):
        targets = [way.to for way in stage.exits]
        comes_back = template.kind != "stage_gate"
        known = keys if comes_back else [key for key in keys if key != stage.key]
        noun = "stage" if comes_back else "other stage"
        yield from unknown(("stages", index, "exits"), noun, targets, known)
        earlier = keys[:index]
        named = stage.return_to or ()
        yield from unknown(("stages", index, "return_to"), "earlier stage", named, earlier)


def _unreached(template: Template, ways: Ways) -> Iterator[Mistake]:
    reached = _reached(ways, template.stages[0].key)
    for index, stage in enumerate(template.stages):
        if stage.key not in reached:
            yield Mistake(("stages", index), f"'{stage.key}' is reached from no stage")


def _stage_gate(template: Template, ways: Ways) -> Iterator[Mistake]:
    if not template.outcomes:
        yield Mistake(("outcomes",), "a stage_gate ends with an outcome: name one at least")
    if template.period is not None:
        yield Mistake(("period",), "a stage_gate has no period")
    for index, stage in enumerate(template.stages):
        reached = set[str]().union(*(_reached(ways, to) for to in ways[stage.key]))
        if stage.key in reached:
            rule = f"'{stage.key}' leads back to itself: a stage_gate goes back by a return"
            yield Mistake(("stages", index, "exits"), rule)


def _rounds(template: Template, ways: Ways) -> Iterator[Mistake]:
    first = template.stages[0].key
    if template.period is None:
        yield Mistake(("period",), f"kind {template.kind} needs one")
    if template.kind == "loop" and not template.outcomes:
        yield Mistake(("outcomes",), "a loop ends with an outcome: name one at least")
    if template.kind == "engagement" and template.outcomes:
        yield Mistake(("outcomes",), "an engagement has no end, so no outcome")
    for index, stage in enumerate(template.stages):
        if not ways[stage.key]:
            yield Mistake(("stages", index, "exits"), f"must lead back to '{first}'")
    if not any(first in targets for targets in ways.values()):
        yield Mistake(("stages",), f"no stage leads back to '{first}'")


def before_publishing(template: Template) -> Iterator[Mistake]:
    """To ask of a whole template before publishing: what was published before this was asked stays readable."""
    ways = {stage.key: [way.to for way in stage.exits] for stage in template.stages}
    keys = list(ways)
    for index, key in enumerate(keys):
        reached = _reached(ways, key)
        if template.kind != "stage_gate":
            if keys[0] not in reached:
                rule = f"'{key}' never leads back to '{keys[0]}'"
                yield Mistake(("stages", index, "exits"), rule)
        elif earlier := [one for one in keys[:index] if one in reached]:
            rule = f"'{key}' leads on to '{earlier[0]}', which stands before it: a return would lead forward"
            yield Mistake(("stages", index, "exits"), rule)


def _reached(ways: Ways, start: str) -> set[str]:
    """The stages that can be reached from one, itself among them."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        stage = waiting.pop()
        if stage not in reached:
            reached.add(stage)
            waiting.extend(ways[stage])
    return reached
