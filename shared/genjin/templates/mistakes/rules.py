"""Mistakes of a judgement rule."""

from __future__ import annotations

from collections.abc import Iterator

from genjin.templates.judging import JudgementRule
from genjin.templates.mistakes.mistake import Mistake, Path, twice, unknown


def of(place: Path, rule: JudgementRule, roles: set[str]) -> Iterator[Mistake]:
    verdicts = {verdict.key for verdict in rule.verdicts}
    yield from unknown((*place, "roles"), "role", rule.roles, roles)
    yield from twice((*place, "verdicts"), (verdict.key for verdict in rule.verdicts))
    yield from unknown((*place, "verdicts"), "verdict", (rule.ADVANCE,), verdicts)
    for verdict in sorted(verdicts - rule.VERDICTS):
        allowed = ", ".join(sorted(rule.VERDICTS))
        yield Mistake((*place, "verdicts"), f"'{verdict}' is none of {allowed}")
    yield from unknown((*place, "comment_on"), "verdict", rule.comment_on, verdicts)
    yield from _mode(place, rule)


def _mode(place: Path, rule: JudgementRule) -> Iterator[Mistake]:
    if (rule.mode == "quorum") != (rule.quorum is not None):
        yield Mistake((*place, "quorum"), "belongs to mode quorum, and that needs it")
    elif rule.quorum is not None and rule.quorum > len(rule.roles):
        yield Mistake(
            (*place, "quorum"), f"{rule.quorum} is more than the {len(rule.roles)} roles that judge"
        )
    if (rule.mode == "decisive") != bool(rule.decisive):
        yield Mistake((*place, "decisive"), "belongs to mode decisive, and that needs it")
    yield from unknown((*place, "decisive"), "judging role", rule.decisive, rule.roles)
