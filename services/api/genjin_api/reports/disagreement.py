"""How often two roles that judged the same facts did not agree whether to advance.

A judgement is held against what the other roles had said of the same facts when it was given, the first time that its
role spoke of them: what somebody says after having been talked round is no second opinion.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from genjin_api.reports.asking import Asked, ask, counted
from genjin_api.reports.numbers import FEW, ratio

ADVANCE = "advance"


# Judgements by what they were and what was there before them.
def _query(asked: Asked) -> str:
    return f"""
    SELECT template_key, role, verdict, others, count(*) AS times FROM genjin.judgement j
     WHERE others <> '' AND {counted("j", asked, "judged_at")}
     GROUP BY template_key, role, verdict, others
    """


@dataclass(frozen=True, slots=True)
class Spoken:
    """So many judgements of a role met the same words of the others: role=verdict,role=verdict."""

    template: str
    role: str
    verdict: str
    others: str
    times: int


async def spoken(database: asyncpg.Pool, workspace_id: UUID, asked: Asked) -> list[Spoken]:
    return [Spoken(*row) for row in await ask(database, _query(asked), asked.values(workspace_id))]


def disagreement(found: Iterable[Spoken]) -> list[dict[str, Any]]:
    """Of each pair of roles, in the order of their keys."""
    pairs: dict[tuple[str, str, str], list[int]] = {}
    for one in found:
        for word in one.others.split(","):
            other, _, verdict = word.partition("=")
            first, second = sorted(((one.role, one.verdict), (other, verdict)))
            counts = pairs.setdefault((one.template, first[0], second[0]), [0, 0, 0])
            counts[0] += one.times
            says, objects = first[1] == ADVANCE, second[1] == ADVANCE
            if says != objects:
                counts[1 if says else 2] += one.times
    return [_pair(*key, *pairs[key]) for key in sorted(pairs)]


def _pair(
    template: str, first: str, second: str, judged: int, first_alone: int, second_alone: int
) -> dict[str, Any]:
    return {
        "template": template,
        "roles": [first, second],
        "judged_by_both": judged,
        "first_alone_advanced": first_alone,
        "second_alone_advanced": second_alone,
        "disagreement": ratio(first_alone + second_alone, judged),
        "few": judged < FEW,
    }
