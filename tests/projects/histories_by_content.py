"""Random histories chosen by what they tell of, so that another kind of command shifts none of them unseen."""

from functools import cache

from tests.projects.histories import random_story
from tests.specification import Story

SEEDS_TRIED, SEEDS_COMPARED = 200, 20
OF_EVERY_TABLE = frozenset(
    {
        *("stage.advanced", "stage.returned", "follow_up.set", "form.completed"),
        *("requirement.captured", "change.raised", "risk.identified", "milestone.set"),
        *("metric.recorded", "finding.raised", "document.attached"),
        *("project.suspended", "project.resumed", "stage.judged", "warning.given"),
        "health.assessed",
    }
)
"""Facts that leave a row in every table of projects."""


@cache
def a_story(kinds: frozenset[str], steps: int) -> Story:
    """The first that tells of all these kinds of facts. AssertionError names what the nearest leaves out."""
    nearest = kinds
    for seed in range(SEEDS_TRIED):
        story = random_story(seed, steps)
        missing = kinds - told_of(story)
        if not missing:
            return story
        nearest = min(nearest, missing, key=len)
    raise AssertionError(f"no history of {steps} steps tells of all, the best not of {nearest}")


@cache
def stories(kinds: frozenset[str], steps: int, count: int) -> list[Story]:
    """So many, which together tell of all these kinds: each the one that adds most to those before it.

    AssertionError names what they leave out.
    """
    tried = [random_story(seed, steps) for seed in range(SEEDS_COMPARED)]
    missing, chosen = kinds, list[Story]()
    for _ in range(count):
        best = max(tried, key=lambda story: len(missing & told_of(story)))
        tried.remove(best)
        chosen.append(best)
        missing -= told_of(best)
    assert not missing, f"{count} histories of {steps} steps do not tell of {sorted(missing)}"
    return chosen


def told_of(story: Story) -> set[str]:
    return {fact.type for fact, _ in story.told}
