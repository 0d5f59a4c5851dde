"""The arithmetic of the table: medians, spreads, ratios, percentiles."""

import math
from collections.abc import Sequence
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share of them do not exceed (nearest rank); values in any order."""
    if not values:
        raise ValueError("no values")
    if not 0 < share <= 1:
        raise ValueError(f"a share is above 0 and at most 1, not {share}")
    return sorted(values)[math.ceil(share * len(values)) - 1]


def spread(values: Sequence[float]) -> tuple[float, float]:
    return min(values), max(values)


def ratio(ours: Sequence[float], baseline: Sequence[float]) -> float | None:
    """The median of the rounds' ratios: each round is held against its own neighbour, so drift cancels out."""
    pairs = [(mine, bare) for mine, bare in zip(ours, baseline, strict=True) if bare > 0]
    return median(mine / bare for mine, bare in pairs) if pairs else None
