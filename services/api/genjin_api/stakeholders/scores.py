"""Scores of a relationship over time: how each stands to the one before it. Pure."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

_HUNDREDTH = Decimal("0.01")


def with_trend(scores: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Documents of scores in the clear, by the day that they are of: each with the mean of its dimensions, as decimal
    text, and the change of the mean and of each dimension since the score before it. null where one of them is
    withheld, or there is none before.
    """
    told: list[dict[str, Any]] = []
    before: dict[str, int] = {}
    for score in sorted(scores, key=_day):
        now = _by_dimension(score)
        mean, last = _mean(now), _mean(before)
        told.append(
            {
                **score,
                "average": _text(mean),
                "change": None if mean is None or last is None else _text(mean - last),
                "changes": {
                    dimension: value - before[dimension]
                    for dimension, value in now.items()
                    if dimension in before
                },
            }
        )
        before = now
    return told


def _day(score: Mapping[str, Any]) -> tuple[date, int]:
    return date.fromisoformat(score["assessed_on"]), score["number"]


def _by_dimension(score: Mapping[str, Any]) -> dict[str, int]:
    """Nothing where the score is withheld."""
    return {one["dimension"]: one["score"] for one in score["values"].get("scores") or ()}


def _mean(by_dimension: Mapping[str, int]) -> Decimal | None:
    if not by_dimension:
        return None
    return Decimal(sum(by_dimension.values())) / len(by_dimension)


def _text(mean: Decimal | None) -> str | None:
    return None if mean is None else str(mean.quantize(_HUNDREDTH, ROUND_HALF_EVEN))
