"""Who is waited for: by role, by person, and the most urgent ones one by one."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from genjin_api.reports import waiting_queries as queries
from genjin_api.reports.stages import StageKey, Stages, versions_of
from genjin_api.reports.waiting_patterns import AskedForms, Pattern, Waiting, patterns, stages_met
from genjin_api.reports.waiting_queries import Waited
from genjin_api.reports.waits import KINDS, forms_of_gate, waits
from genjin_api.templates.library import Library

WORKED_OUT_AT_ONCE = 200  # then others get their turn
FOLLOW_UP = "follow_up"


async def who_is_waited_for(
    database: asyncpg.Pool, library: Library, waiting: Waiting, limit: int
) -> dict[str, Any]:
    """Each list has at most limit members.

    Stages and patterns are looked for first, by themselves, for a template may have to be read and nobody holds a
    connection while waiting for another. The rest is one snapshot; what a project was given in between shows in the
    next answer.
    """
    keys, suspended = await stages_met(database, waiting)
    named = {(key.template, key.version) for key in keys}
    stages = Stages(await versions_of(library, waiting.workspace_id, named))
    forms = AskedForms()
    for key in keys:
        stage = stages.stage(key)
        if stage is not None:
            forms.add(key, forms_of_gate(stage))
    found, too_various = await patterns(database, waiting, forms)
    waited = await _waited(found, stages)
    async with (
        database.acquire() as connection,
        connection.transaction(isolation="repeatable_read", readonly=True),
    ):
        waits_ = await queries.open_waits(connection, waiting, forms, waited, limit)
        follow_ups = await queries.open_follow_ups(connection, waiting, limit)
    roles, people = _by_role(waits_.roles, stages), _by_person(waits_.people, follow_ups.people)
    first = sorted(_items(waits_.items, follow_ups.items, stages, waiting.today), key=_urgency)
    return {
        "roles": roles[:limit],
        "roles_left_out": max(0, len(roles) - limit),
        "people": people[:limit],
        "people_left_out": max(0, len(people) - limit),
        "items": first[:limit],
        "left_out": {"suspended": suspended, "too_various": too_various},
    }


async def _waited(found: Sequence[Pattern], stages: Stages) -> Waited:
    waited = Waited([], [], [], [], [])
    for number, pattern in enumerate(found):
        template = stages.versions[pattern.key.template, pattern.key.version]
        stage = template.stage(pattern.key.stage)
        for wait in waits(template, stage, pattern.given):
            waited.add(pattern, wait, stage.max_days)
        if number % WORKED_OUT_AT_ONCE == 0:
            await asyncio.sleep(0)
    return waited


def _by_role(rows: Sequence[Any], stages: Stages) -> list[dict[str, Any]]:
    """The versions of a template together; the title is the newest one's."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in sorted(
        rows, key=lambda row: (row["template_key"], row["role"], row["template_version"])
    ):
        role = found.setdefault(
            (row["template_key"], row["role"]),
            {"template": row["template_key"], "role": row["role"], **_counts(KINDS), "unfilled": 0},
        )
        role["title"] = stages.role_title(row["template_key"], row["template_version"], row["role"])
        role["unfilled"] += row["unfilled"]
        _count(role, row["kind"], row["waits"], row["overdue"])
    return sorted(found.values(), key=_most)


def _by_person(people: Sequence[Any], owners: Sequence[Any]) -> list[dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    rows = [(row, row["kind"]) for row in people] + [(row, FOLLOW_UP) for row in owners]
    for row, kind in rows:
        person = found.setdefault(
            row["person_id"], {"person_id": row["person_id"], **_counts((*KINDS, FOLLOW_UP))}
        )
        _count(person, kind, row["waits"], row["overdue"])
    return sorted(found.values(), key=_most)


def _counts(kinds: Sequence[str]) -> dict[str, int]:
    return {"total": 0, "overdue": 0, **{f"{kind}s": 0 for kind in kinds}}


def _count(of: dict[str, Any], kind: str, waited: int, overdue: int) -> None:
    of[f"{kind}s"] += waited
    of["total"] += waited
    of["overdue"] += overdue


def _most(of: dict[str, Any]) -> tuple[Any, ...]:
    name = of.get("person_id") or (of["template"], of["role"])
    return -of["overdue"], -of["total"], str(name)


def _items(
    rows: Sequence[Any], follow_ups: Sequence[Any], stages: Stages, today: date
) -> list[dict[str, Any]]:
    found = [
        {
            **_project(row),
            "kind": row["kind"],
            "subject": row["subject"],
            "title": _title(stages, row),
            "role": row["role"],
            "people": row["people"],
            "waiting_since": row["entered_at"],
            "due_on": row["due_on"],
            "overdue": row["due_on"] is not None and row["due_on"] < today,
        }
        for row in rows
    ]
    found += [
        {
            **_project(row),
            "kind": FOLLOW_UP,
            "subject": str(row["id"]),
            "title": None,
            "role": row["role"],
            "people": [row["owner_id"]],
            "waiting_since": None,
            "due_on": row["due_on"],
            "overdue": row["due_on"] < today,
        }
        for row in follow_ups
    ]
    return found


def _project(row: Any) -> dict[str, Any]:
    return {
        "project_id": row["project_id"],
        "code": row["code"],
        "template": row["template_key"],
        "stage": row["stage"],
    }


def _title(stages: Stages, row: Any) -> Any:
    key = StageKey(row["template_key"], row["template_version"], row["stage"])
    template = stages.versions[key.template, key.version]
    match row["kind"]:
        case "judgement":
            return template.stage(key.stage).title
        case "approval":
            return template.condition(key.stage, row["subject"]).text
        case _:
            return template.forms[row["subject"]].title


def _urgency(item: dict[str, Any]) -> tuple[Any, ...]:
    """As the queries order them: what is due first, then what waits longest."""
    since = item["waiting_since"]
    return (
        item["due_on"] is None,
        item["due_on"] or date.min,
        since.timestamp() if since else 0.0,
        str(item["project_id"]),
        item["kind"],
        item["subject"],
        item["role"],
    )
