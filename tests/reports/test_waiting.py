"""Who is waited for in a portfolio, now and in the past, is who is waited for in its projects one by one."""

import random
from collections import Counter
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from genjin_api.app import open_services
from genjin_api.http.context import Services
from genjin_api.projects.state import Project
from genjin_api.reports.asking import Asked
from genjin_api.reports.waiting import who_is_waited_for
from genjin_api.reports.waiting_patterns import Waiting
from tests.databases import Database
from tests.pursuit import Pursuit, done
from tests.reports import naive
from tests.reports.gate_waits import gate_waits
from tests.reports.portfolio import NOW, ZONE, Portfolio, random_portfolio, write
from tests.reports.test_routes import position, report
from tests.specification import MARKETER, TEMPLATE
from tests.templates.rich import BODY, publish
from tests.world import World, api_settings

TODAY = NOW.date() + timedelta(days=2)  # what the histories set is due the day before
LIMIT = 200


@pytest.fixture
async def services(fresh_database: Database) -> AsyncIterator[Services]:
    async with open_services(api_settings(fresh_database)) as opened:
        yield opened


async def test_a_portfolio_waits_for_those_whom_its_projects_wait_for(
    services: Services, fresh_database: Database
) -> None:
    met: Counter[str] = Counter()
    for seed in range(3):
        portfolio = random_portfolio(seed, ended=0.2)
        await write(services.database, portfolio)
        last, chance = portfolio.told[-1].position, random.Random(seed)
        for at in (None, chance.randint(1, last), chance.randint(last // 2, last)):
            for person in (None, MARKETER.person_id):
                for region in (None, "天津"):
                    asked = Asked(region=region, position=at)
                    met.update(await _agree(services, portfolio, asked, person))
    assert set(+met) == {"judgements", "forms", "signatures", "follow_ups", "overdue"}


async def _agree(
    services: Services, portfolio: Portfolio, asked: Asked, person: UUID | None
) -> Counter[str]:
    waiting = Waiting(portfolio.workspace_id, asked, person, TODAY, ZONE)
    found = await who_is_waited_for(services.database, services.library, waiting, LIMIT)
    projects = naive.projects(portfolio, asked)
    expected = _waits(projects, person)
    told = _counted(found["people"])
    assert told == _by_person(expected, projects, person)
    of_roles = Counter((role, kind) for _, role, kind in expected)
    assert {key: n for key, n in _by_role(found["roles"]).items() if n} == of_roles
    items = [(one["project_id"], one["role"], one["kind"]) for one in found["items"]]
    expected += [
        (one.id, item.role, "follow_up")
        for one in projects
        for item in one.course.follow_ups.values()
        if _is_open(one, item, person)
    ]
    if len(expected) <= LIMIT:
        assert Counter(items) == Counter(expected)
    overdue = [one["overdue"] for one in found["items"]]
    assert overdue == sorted(overdue, reverse=True)
    return Counter({kind: n for (_, kind), n in told.items()})


def _waits(projects: list[Project], person: UUID | None) -> list[tuple[UUID, str, str]]:
    """Project, role and kind of what open projects wait for."""
    return [
        (project.id, wait.role, wait.kind)
        for project in projects
        if project.status == "open"
        for wait in gate_waits(project, TEMPLATE)
        if person is None or person in _holders(project, wait.role)
    ]


def _holders(project: Project, role: str) -> list[UUID]:
    return [holder.person_id for holder in project.role_holders.get(role, ())]


def _is_open(project: Project, item: Any, person: UUID | None) -> bool:
    return project.status != "closed" and item.status == "open" and person in (None, item.owner_id)


def _by_person(
    expected: list[tuple[UUID, str, str]], projects: list[Project], person: UUID | None
) -> Counter[tuple[UUID, str]]:
    known = {project.id: project for project in projects}
    found: Counter[tuple[UUID, str]] = Counter()
    for project_id, role, kind in expected:
        for holder in _holders(known[project_id], role):
            if person in (None, holder):
                found[holder, f"{kind}s"] += 1
    for project in projects:
        for item in project.course.follow_ups.values():
            if _is_open(project, item, person):
                found[item.owner_id, "follow_ups"] += 1
                found[item.owner_id, "overdue"] += item.due_on < TODAY
    return +found


def _counted(people: list[dict[str, Any]]) -> Counter[tuple[UUID, str]]:
    kinds = ("judgements", "approvals", "forms", "signatures", "follow_ups", "overdue")
    return +Counter({(one["person_id"], kind): one[kind] for one in people for kind in kinds})


def _by_role(roles: list[dict[str, Any]]) -> Counter[tuple[str, str]]:
    kinds = ("judgement", "approval", "form", "signature")
    return Counter({(one["role"], kind): one[f"{kind}s"] for one in roles for kind in kinds})


async def test_who_is_waited_for_in_a_pursuit_that_has_just_begun(world: World) -> None:
    """The marketer's form, four judgements, no signature yet; and one follow-up, which is the first thing due. Of two
    sales managers either is waited for.
    """
    pursuit = Pursuit(world, await world.project("W-1"))
    holder = f"{pursuit.path}/role-holders/general_manager/{world.general_manager.id}"
    done(await world.marketer.delete(holder, reason="调离"))
    second = {"role": "sales_manager", "person_id": world.outsider.id}
    await pursuit.post("role-holders", second)
    due = {"role": "marketer", "action": "约见", "owner_id": world.marketer.id}
    await pursuit.post("follow-ups", {**due, "due_on": "2030-01-01"})
    place = await position(world)
    before = await report(world, "waiting")
    await pursuit.judge("dept_head")

    found = await report(world, "waiting")
    roles = {one["role"]: one for one in found["roles"]}
    assert {role: one["judgements"] for role, one in roles.items()} == {
        "marketer": 1,
        "sales_manager": 1,
        "general_manager": 1,
    }
    assert [role for role, one in roles.items() if one["unfilled"]] == ["general_manager"]
    assert roles["marketer"]["title"]["zh"] == "营销人员"
    people = {one["person_name"]: one for one in found["people"]}
    assert set(people) == {"王芳", "赵敏", world.outsider.name}
    assert (people["王芳"]["follow_ups"], people["王芳"]["overdue"]) == (1, 0)
    assert found["items"][0]["kind"] == "follow_up"
    mine = done(await world.sales_manager.get("/v1/reports/waiting", mine="true")).json()
    [item] = mine["items"]
    assert {one["person_id"] for one in item["people"]} == {
        world.sales_manager.id,
        world.outsider.id,
    }
    assert (item["code"], item["kind"], item["title"]["zh"]) == ("W-1", "judgement", "项目立项")
    assert await report(world, "waiting", as_of=f"@{place}") == before
    assert len(before["people"]) == 4


async def test_what_waits_longer_than_its_stage_may_take_is_overdue_and_comes_first(
    world: World,
) -> None:
    """Entered on the 2nd, three days: due on the 5th. A suspended project waits for nobody."""
    body = BODY | {"stages": [{**BODY["stages"][0], "max_days": 3}, *BODY["stages"][1:]]}
    await publish(world, "timed.4", body)
    for code, begun in (("T-1", None), ("T-2", "2026-03-02T09:00:00+08:00")):
        made = {"template": "timed.4", "code": code, "header": {"name": "甲"}, "occurred_at": begun}
        done(await world.marketer.post("/v1/projects", made))
    found = await report(world, "waiting", template="timed.4")
    assert found["items"][0]["code"] == "T-2"
    assert (found["items"][0]["due_on"], found["items"][0]["overdue"]) == ("2026-03-05", True)
    assert not found["items"][-1]["overdue"]
    [seller] = [one for one in found["roles"] if one["role"] == "seller"]
    assert (seller["judgements"], seller["overdue"]) == (2, seller["total"] // 2)
