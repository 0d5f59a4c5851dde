"""The codes of what blocks a gate, as stages name them where they may be waived."""

from collections.abc import Iterator
from typing import Literal, get_args

from genjin.templates.mistakes.mistake import Mistake, unknown
from genjin.templates.model import Template

BlockerCode = Literal[
    "actual_missing",
    "condition_not_met",
    "approval_missing",
    "milestone_open",
    "metric_out_of_band",
    "finding_open",
    "document_missing",
    "form_missing",
    "form_incomplete",
    "form_unsigned",
    "judgement_missing",
    "judgement_negative",
    "judgement_stale",
    "follow_up_overdue",
    "risk_unanswered",
    "change_undecided",
]
CODES: tuple[str, ...] = get_args(BlockerCode)


def mistakes(template: Template) -> Iterator[Mistake]:
    """Blockers that no gate has. To ask before publishing: what was published before this was asked stays readable."""
    for index, stage in enumerate(template.stages):
        yield from unknown(("stages", index, "waivable"), "blocker", stage.waivable, CODES)
