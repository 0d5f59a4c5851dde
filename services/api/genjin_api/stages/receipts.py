"""Gate receipts held against the log: what the gate gives on the state before a passage, as it was looked at. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from genjin.canonical import canonical_json
from genjin.projects.events import ProjectClosed
from genjin.stages.events import StageAdvanced
from genjin.templates.model import Template
from genjin_api.acting import Caller, Moment
from genjin_api.projects.closing import outcome_events
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, pointer
from genjin_api.stages.gate import gate
from genjin_api.stages.gate.values import Values
from genjin_api.stages.overriding import Blocker, Override
from genjin_api.stages.passing import pass_gate
from genjin_api.stages.ways import way_to

Passage = StageAdvanced | ProjectClosed
Receipt = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """A place of a receipt (a JSON Pointer) where the gate gives something else than was kept; null: nothing there."""

    path: str
    kept: Any
    replayed: Any


def differences(
    before: Project, template: Template, passage: Passage, caller: Caller
) -> list[Difference]:
    """Where the receipt of a passage is not what the gate gives on the state before it; none: it replays.

    template is the version that the receipt names, caller whoever passed.
    """
    receipt = passage.receipt
    assert receipt is not None, "a passage through a gate has its receipt"
    return list(
        _between("", _as_stored(receipt), _as_stored(_replayed(before, template, passage, caller)))
    )


def _replayed(before: Project, template: Template, passage: Passage, caller: Caller) -> Receipt:
    """The receipt as it would be written now. What would be refused now stands in it as `refused`."""
    kept: Receipt = passage.receipt or {}
    moment = _moment(kept, caller.time_zone)
    passed = pass_gate(before, template, caller, moment, override=_override(kept))
    if isinstance(passed, Refusal):
        shut = gate(before, template, moment).receipt(template, moment.today)
        return {**shut, "refused": passed.code}
    if isinstance(passage, ProjectClosed):
        outcome = next(one for one in template.outcomes if one.key == passage.outcome)
        return {**passed.receipt, **outcome_events(before, template, outcome, moment)}
    values = Values(before, template, moment)
    way = way_to(before, template, passage.to_stage, caller, values)
    if isinstance(way, Refusal):
        return {**passed.receipt, "refused": way.code}
    return {**passed.receipt, **way.receipt()}


def _moment(receipt: Receipt, time_zone: str) -> Moment:
    """Of the day the receipt keeps the date alone, and no gate asks for more of it."""
    noon = datetime.combine(date.fromisoformat(receipt["on"]), time(12), ZoneInfo(time_zone))
    return Moment(noon, time_zone)


def _override(receipt: Receipt) -> Override | None:
    """The override as it was asked for, without today's rules on its length."""
    told = receipt.get("override")
    if told is None:
        return None
    waived = [
        Blocker.model_construct(code=one["code"], subject=one["subject"])
        for one in told["blockers"]
    ]
    return Override.model_construct(waive=waived, reason=told["reason"])


def _as_stored(receipt: Receipt) -> Any:
    return orjson.loads(canonical_json(receipt))


def _between(path: str, kept: Any, replayed: Any) -> Iterator[Difference]:
    if isinstance(kept, dict) and isinstance(replayed, dict):
        for key in sorted(kept.keys() | replayed.keys()):
            yield from _between(path + pointer(key), kept.get(key), replayed.get(key))
    elif isinstance(kept, list) and isinstance(replayed, list) and len(kept) == len(replayed):
        for place, pair in enumerate(zip(kept, replayed, strict=True)):
            yield from _between(path + pointer(place), *pair)
    elif kept != replayed or isinstance(kept, bool) is not isinstance(replayed, bool):
        yield Difference(path, kept, replayed)
