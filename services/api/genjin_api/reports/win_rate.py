"""How many of the projects that ended were won, by count and by value.

A project counts by its newest end, as long as it was not opened again. What an outcome counts as, its template says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg

from genjin.templates.registers import CountsAs
from genjin_api.reports.asking import Asked, ask, closed, counted
from genjin_api.reports.numbers import FEW, money, ratio
from genjin_api.reports.stages import Versions


# Closed projects whose newest end is in the period, by what they ended in. A template given narrows by closed().
def _query(asked: Asked) -> str:
    return f"""
    SELECT s.template_key, s.template_version, s.outcome, s.currency, count(*) AS projects,
           count(s.expected_amount) AS with_amount, coalesce(sum(s.expected_amount), 0) AS amount
      FROM genjin.stage_exit x
      JOIN ({closed(asked)}) AS s ON s.project_id = x.project_id AND s.ordinal = x.ordinal
     WHERE x.left_by = 'closing' AND {counted("x", _of_period(asked), "left_at")}
     GROUP BY s.template_key, s.template_version, s.outcome, s.currency
    """


def _of_period(asked: Asked) -> Asked:
    return Asked(since=asked.since, until=asked.until, position=asked.position)


@dataclass(frozen=True, slots=True)
class Ended:
    """Projects of one template version that ended in one outcome; amount is the sum of those that have one."""

    template_key: str
    template_version: int
    outcome: str
    currency: str | None
    projects: int
    with_amount: int
    amount: Decimal


async def ended_projects(database: asyncpg.Pool, workspace_id: UUID, asked: Asked) -> list[Ended]:
    return [Ended(*row) for row in await ask(database, _query(asked), asked.values(workspace_id))]


def counts_as(versions: Versions, template: str, version: int, outcome: str | None) -> CountsAs:
    """An outcome that the version does not know any more counts as neither."""
    outcomes = versions[template, version].outcomes
    return next((one.counts for one in outcomes if one.key == outcome), "neither")


class _Amounts(NamedTuple):
    won: Decimal = Decimal(0)
    lost: Decimal = Decimal(0)
    without_amount: int = 0


@dataclass(slots=True)
class _Counts:
    projects: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("won", "lost", "neither"), 0)
    )
    worth: dict[str | None, _Amounts] = field(default_factory=dict)

    def add(self, one: Ended, counts: CountsAs) -> None:
        self.projects[counts] += one.projects
        if counts == "neither":
            return
        won, lost, without = self.worth.get(one.currency, _Amounts())
        amounts = (won + one.amount, lost) if counts == "won" else (won, lost + one.amount)
        self.worth[one.currency] = _Amounts(*amounts, without + one.projects - one.with_amount)

    def document(self) -> dict[str, Any]:
        won, lost = self.projects["won"], self.projects["lost"]
        return {
            **self.projects,
            "win_rate": ratio(won, won + lost),
            "few": won + lost < FEW,
            "worth": [_worth(currency, self.worth[currency]) for currency in _ordered(self.worth)],
        }


def _ordered(worth: Mapping[str | None, _Amounts]) -> list[str | None]:
    return sorted(worth, key=lambda currency: (currency is None, currency or ""))


def _worth(currency: str | None, amounts: _Amounts) -> dict[str, Any]:
    return {
        "currency": currency,
        "won_amount": money(amounts.won),
        "lost_amount": money(amounts.lost),
        "win_rate_by_value": ratio(amounts.won, amounts.won + amounts.lost),
        "left_out": {"without_amount": amounts.without_amount},
    }


def win_rate(ended: Iterable[Ended], versions: Versions) -> Any:
    """Over all templates, and of each."""
    whole, by_template = _Counts(), dict[str, _Counts]()
    for one in ended:
        counts = counts_as(versions, one.template_key, one.template_version, one.outcome)
        whole.add(one, counts)
        by_template.setdefault(one.template_key, _Counts()).add(one, counts)
    return {
        "total": whole.document(),
        "templates": [
            {"template": key, **by_template[key].document()} for key in sorted(by_template)
        ],
    }
