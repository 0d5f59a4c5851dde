"""The board and the pipeline, from groups of running projects. Pure.

A project's weight is the probability of its stage in the template version that it is pinned to. What has no amount, or
no probability, is left out of the weighted sum and counted as left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from genjin.templates.model import Stage
from genjin_api.reports.groups import Group
from genjin_api.reports.numbers import money

StageOf = Callable[[Group], Stage | None]


@dataclass(slots=True)
class _Sum:
    projects: int = 0
    amount: Decimal = Decimal(0)
    weighted: Decimal = Decimal(0)
    without_amount: int = 0
    without_probability: int = 0
    unweighted: Decimal = Decimal(0)

    def add(self, group: Group, stage: Stage | None) -> None:
        self.projects += group.projects
        self.amount += group.amount
        self.without_amount += group.projects - group.with_amount
        if stage is None or stage.probability is None:
            self.without_probability += group.projects
            self.unweighted += group.amount
        else:
            self.weighted += group.amount * Decimal(str(stage.probability))

    def document(self) -> dict[str, Any]:
        return {
            "projects": self.projects,
            "amount": money(self.amount),
            "weighted_amount": money(self.weighted),
            "left_out": {
                "without_amount": self.without_amount,
                "without_probability": self.without_probability,
                "amount_without_probability": money(self.unweighted),
            },
        }


@dataclass(slots=True)
class _Column:
    stage: Stage | None
    place: int
    open: int = 0
    suspended: int = 0
    sums: dict[str | None, _Sum] = field(default_factory=dict)


def board(groups: Iterable[Group], stage_of: StageOf, place_of: Callable[[Group], int]) -> Any:
    """Per template and stage, in the order of the stages: how many projects stand there, their worth by currency."""
    columns: dict[tuple[str, str], _Column] = {}
    for group in groups:
        key = group.template_key, group.stage
        column = columns.setdefault(key, _Column(stage_of(group), place_of(group)))
        if group.status == "suspended":
            column.suspended += group.projects
        else:
            column.open += group.projects
        column.sums.setdefault(group.currency, _Sum()).add(group, stage_of(group))
    return [
        {
            "template": key,
            "stage": stage,
            "title": column.stage.title if column.stage else None,
            "open": column.open,
            "suspended": column.suspended,
            "worth": _by_currency(column.sums),
        }
        for (key, stage), column in sorted(
            columns.items(), key=lambda item: (item[0][0], item[1].place, item[0][1])
        )
    ]


def pipeline(groups: Sequence[Group], stage_of: StageOf) -> Any:
    """The worth of all running projects by currency: what is named nowhere has currency null."""
    sums: dict[str | None, _Sum] = {}
    for group in groups:
        sums.setdefault(group.currency, _Sum()).add(group, stage_of(group))
    return _by_currency(sums)


def _by_currency(sums: dict[str | None, _Sum]) -> list[dict[str, Any]]:
    return [
        {"currency": currency, **sums[currency].document()}
        for currency in sorted(sums, key=lambda currency: (currency is None, currency or ""))
    ]
