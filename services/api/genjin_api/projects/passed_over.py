"""Which gates a migration would pass over: those before the stage where the project is to go on. Pure."""

from collections.abc import Collection
from heapq import heappop, heappush

from genjin.templates.model import Template
from genjin_api.stages.state import Course


def passed_before(course: Course, pinned: Template) -> set[str]:
    """The stages that a project passed on its way to where it stands. After a return to a branch where it never was,
    those that come after that stage are passed no more.
    """
    passed = set(course.passed)
    if pinned.kind != "stage_gate":
        return passed  # of a round all come after all: what a return took back is not among them
    return passed - _after(pinned, course.current.stage)


def passed_over(target: Template, stage: str, passed: Collection[str]) -> tuple[str, ...]:
    """The stages that are not passed on the way from the first to this one that has the fewest of them."""
    ways: list[tuple[int, tuple[str, ...], str]] = [(0, (), target.stages[0].key)]
    seen: set[str] = set()
    while ways:
        _, over, here = heappop(ways)
        if here == stage:
            return over
        if here in seen:
            continue
        seen.add(here)
        further = over if here in passed else (*over, here)
        for exit_ in target.stage(here).exits:
            heappush(ways, (len(further), further, exit_.to))
    raise AssertionError("the template was checked: every stage is reached from the first")


def _after(template: Template, stage: str) -> set[str]:
    after: set[str] = set()
    waiting = [stage]
    while waiting:
        exits = {exit_.to for exit_ in template.stage(waiting.pop()).exits}
        waiting.extend(exits - after)
        after |= exits
    return after
