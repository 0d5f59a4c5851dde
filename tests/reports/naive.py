"""What reports must say, told from whole projects and single facts: a second, plain way to the same numbers."""

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from genjin.stages.events import JudgementWithdrawn, StageJudged
from genjin.templates.catalog import template
from genjin.working_days import working_days
from genjin_api.projects.state import Project
from genjin_api.reports.asking import Asked
from genjin_api.stages.durations import VisitDuration, visit_durations
from genjin_api.stages.state import Visit
from tests.reports.portfolio import NOW, ZONE, Portfolio, Told
from tests.stages.retelling import Stay

CHINA = working_days("CN")


def asked_for(project: Project, asked: Asked) -> bool:
    header = project.header
    wanted = {"department": asked.department, "region": asked.region, "currency": asked.currency}
    level = project.health.level if project.health else None
    return (
        asked.template in (None, project.template.key)
        and asked.health in (None, level)
        and all(value is None or header.get(name) == value for name, value in wanted.items())
    )


def in_period(moment: datetime, asked: Asked) -> bool:
    return (asked.since is None or moment >= asked.since) and (
        asked.until is None or moment < asked.until
    )


def projects(portfolio: Portfolio, asked: Asked) -> list[Project]:
    return [one for one in portfolio.projects(asked.position) if asked_for(one, asked)]


def of_any_template(portfolio: Portfolio, asked: Asked) -> list[Project]:
    return projects(portfolio, replace(asked, template=None))


def _by_stage(project: Project) -> dict[str, list[Visit]]:
    found: dict[str, list[Visit]] = defaultdict(list)
    for visit in project.course.visits.values():
        found[visit.stage].append(visit)
    return found


def fates(portfolio: Portfolio, asked: Asked, cohort: str) -> Counter[tuple[str, str, str, str]]:
    """Projects by the template of their first visit, stage, month and fate."""
    found: Counter[tuple[str, str, str, str]] = Counter()
    entered_by = portfolio.entered_by()
    for project in of_any_template(portfolio, asked):
        for stage, visits in _by_stage(project).items():
            key = entered_by[project.id, visits[0].ordinal]
            if asked.template not in (None, key):
                continue
            at = visits[0].entered_at if cohort == "entry" else project.created_at
            if in_period(at, asked):
                month = f"{at.astimezone(ZoneInfo(ZONE)):%Y-%m}"
                found[key, stage, month, _fate(visits)] += 1
    return found


def stays_by_two_templates(portfolio: Portfolio) -> int:
    """Projects and stages that were entered by the rules of more than one template."""
    entered_by = portfolio.entered_by()
    return sum(
        len({entered_by[project.id, visit.ordinal] for visit in visits}) > 1
        for project in portfolio.projects(None)
        for visits in _by_stage(project).values()
    )


def _fate(visits: list[Visit]) -> str:
    if any(visit.receipt is not None for visit in visits):
        return "went_on"
    fates_ = {
        None: "still_there",
        "return": "returned",
        "closing": "ended",
        "migration": "migrated",
    }
    return fates_[visits[-1].left_by]


def durations(portfolio: Portfolio, asked: Asked, moment: datetime = NOW) -> dict[Any, Any]:
    """By template and stage: projects, visits, still there, out of order, the days of each."""
    stays: dict[Any, list[list[VisitDuration]]] = defaultdict(list)
    entered_by = portfolio.entered_by()
    for project in of_any_template(portfolio, asked):
        first_visits = {stage: visits[0] for stage, visits in _by_stage(project).items()}
        measured: dict[str, list[VisitDuration]] = defaultdict(list)
        for duration in visit_durations(project, moment, ZONE, CHINA):
            measured[duration.stage].append(duration)
        for stage, visits in measured.items():
            key = entered_by[project.id, first_visits[stage].ordinal]
            if asked.template in (None, key) and in_period(visits[0].entered_at, asked):
                stays[key, stage].append(visits)
    return {place: _measured(of_stage) for place, of_stage in stays.items()}


def _measured(stays: list[list[VisitDuration]]) -> dict[str, Any]:
    there = [visits for visits in stays if any(visit.open for visit in visits)]
    gone = [visits for visits in stays if visits not in there]
    known = [visits for visits in gone if not any(visit.out_of_order for visit in visits)]
    lengths = [[visit.length for visit in visits] for visits in known]
    calendar = [
        sum(one.calendar_days - one.suspended_calendar_days for one in of) for of in lengths
    ]
    working = [sum(one.working_days - one.suspended_working_days for one in of) for of in lengths]
    return {
        "projects": len(known),
        "visits": sum(map(len, known)),
        "left_out": {"still_there": len(there), "out_of_order": len(gone) - len(known)},
        "calendar_days": _percentiles(calendar),
        "working_days": _percentiles(working),
    }


def _percentiles(days: list[int]) -> dict[str, int] | None:
    if not days:
        return None
    ordered = sorted(days)
    places = {"median": 0.5, "p90": 0.9}
    return {name: ordered[math.ceil(share * len(days)) - 1] for name, share in places.items()}


def gates(portfolio: Portfolio, asked: Asked) -> Counter[tuple[str, str | None]]:
    """Passed gates by stage and overriding role."""
    found: Counter[tuple[str, str | None]] = Counter()
    entered_by = portfolio.entered_by()
    for project in of_any_template(portfolio, asked):
        for visit in project.course.visits.values():
            if asked.template not in (None, entered_by[project.id, visit.ordinal]):
                continue
            if visit.receipt is not None and visit.left_at and in_period(visit.left_at, asked):
                found[visit.stage, visit.receipt.get("override", {}).get("role")] += 1
    return found


def ends(portfolio: Portfolio, asked: Asked) -> Counter[tuple[str, str, str | None, str | None]]:
    """Closed projects by template, outcome, currency and amount."""
    return Counter(
        (
            one.template.key,
            one.closing.outcome,
            one.header.get("currency"),
            _amount(one),
        )
        for one in projects(portfolio, asked)
        if one.closing is not None and in_period(one.closing.at, asked)
    )


def _amount(project: Project) -> str | None:
    text = project.header.get("expected_amount", "")
    return text if text[:1].isdigit() else None


def judged(portfolio: Portfolio, asked: Asked) -> Iterator[tuple[Told, Project, list[Told]]]:
    """Each judgement of the period with its project as it stands, and what was told of it before."""
    known = {one.id: one for one in projects(portfolio, asked)}
    earlier: dict[Any, list[Told]] = defaultdict(list)
    for one in portfolio.up_to(asked.position):
        project = known.get(one.after.id)
        if (
            isinstance(one.fact, StageJudged)
            and project
            and in_period(one.stamp.occurred_at, asked)
        ):
            yield one, project, earlier[one.after.id]
        earlier[one.after.id].append(one)


def pairs(portfolio: Portfolio, asked: Asked) -> dict[tuple[str, str], tuple[int, int]]:
    """By two roles: how often both judged the same facts, how often they disagreed."""
    found: dict[tuple[str, str], list[bool]] = defaultdict(list)
    for one, _, earlier in judged(portfolio, replace(asked, template=None)):
        fact = one.fact
        assert isinstance(fact, StageJudged)
        if asked.template not in (None, one.after.template.key):
            continue
        standing, said = Stay(), Stay()
        for before in earlier:
            pinned = before.after.template
            told = before.fact, before.stamp, template(pinned.key, pinned.version)
            standing.go_on(*told)
            if not isinstance(before.fact, JudgementWithdrawn):
                said.go_on(*told)
        if fact.role not in said.judged:
            for other, word in standing.judged.items():
                key = min(fact.role, other), max(fact.role, other)
                found[key].append(word.yes != (fact.verdict == "advance"))
    return {key: (len(differs), sum(differs)) for key, differs in found.items()}


def first_words(portfolio: Portfolio, asked: Asked) -> Counter[tuple[str, bool, str | None]]:
    """By role, whether they said advance, and the outcome."""
    found: Counter[tuple[str, bool, str | None]] = Counter()
    for one, project, earlier in judged(portfolio, asked):
        fact = one.fact
        assert isinstance(fact, StageJudged)
        said = [before.fact for before in earlier if isinstance(before.fact, StageJudged)]
        if (fact.stage, fact.visit, fact.role) not in {
            (it.stage, it.visit, it.role) for it in said
        }:
            outcome = project.closing.outcome if project.closing else None
            found[fact.role, fact.verdict == "advance", outcome] += 1
    return found


def counted(
    items: Iterable[Any], key: Callable[[Any], Any], count: Callable[[Any], int]
) -> Counter[Any]:
    found: Counter[Any] = Counter()
    for item in items:
        found[key(item)] += count(item)
    return found
