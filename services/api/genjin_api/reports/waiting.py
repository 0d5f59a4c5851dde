"""Who is waited for: by role, by person, and the most urgent ones one by one."""

import asyncio
from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg

from genjin.templates.model import Stage
from genjin_api.reports.asking import one_snapshot
from genjin_api.reports.stages import StageKey, Stages, versions_of
from genjin_api.reports.waiting_follow_ups import FOLLOW_UP
from genjin_api.reports.waiting_patterns import Pattern, Waiting, patterns
from genjin_api.reports.waiting_queries import WAITED, Waited, open_waits
from genjin_api.reports.waits import (
    KINDS,
    Wait,
    asked_of,
    forms_of_gate,
    waits_for_judges,
    waits_for_others,
)
from genjin_api.templates.library import Library

WORKED_OUT_AT_ONCE = 200  # then others get their turn


async def who_is_waited_for(
    database: asyncpg.Pool, library: Library, waiting: Waiting, limit: int
) -> dict[str, Any]:
    """Each list has at most limit members.

    Patterns are looked for first, by themselves, for a template may have to be read and nobody holds a connection
    while waiting for another. The rest is one snapshot; what a project was given in between shows in the next answer.
    """
    async with one_snapshot(database) as connection:
        found = await patterns(connection, waiting)
    named = {(one.key.template, one.key.version) for one in found.found}
    stages = Stages(await versions_of(library, waiting.workspace_id, named))
    waited = await _waited(found.found, stages)
    async with one_snapshot(database) as connection:
        waits = await open_waits(connection, waiting, waited, limit)
    roles, people = _by_role(waits.roles, stages), _by_person(waits.people)
    first = sorted((_item(row, stages, waiting.today) for row in waits.items), key=_urgency)
    return {
        "roles": roles[:limit],
        "roles_left_out": max(0, len(roles) - limit),
        "people": people[:limit],
        "people_left_out": max(0, len(people) - limit),
        "items": first[:limit],
        "left_out": {"suspended": found.suspended, "too_various": found.too_various},
    }


async def _waited(found: Sequence[Pattern], stages: Stages) -> Waited:
    """A stage that its template version has not waits for nothing."""
    waited, known = Waited(), dict[tuple[StageKey, str], list[Wait]]()
    for number, pattern in enumerate(found):
        stage = stages.stage(pattern.key)
        if stage is not None:
            waited.add(pattern, _waits(pattern, stage, stages, known), stage.max_days)
        if number % WORKED_OUT_AT_ONCE == 0:
            await asyncio.sleep(0)
    return waited


def _waits(
    pattern: Pattern, stage: Stage, stages: Stages, known: dict[tuple[StageKey, str], list[Wait]]
) -> list[Wait]:
    """Of what was given only what the gate of the stage asks for counts: so much is known already."""
    template = stages.versions[pattern.key.template, pattern.key.version]
    if pattern.is_judged:
        return waits_for_judges(template, stage, pattern.text)
    asked = pattern.key, asked_of(pattern.text, forms_of_gate(stage))
    if asked not in known:
        known[asked] = waits_for_others(template, stage, asked[1])
    return known[asked]


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


def _by_person(rows: Sequence[Any]) -> list[dict[str, Any]]:
    found: dict[UUID, dict[str, Any]] = {}
    for row in rows:
        of = {"person_id": row["person_id"], **_counts(WAITED)}
        person = found.setdefault(row["person_id"], of)
        for kind, waits in zip(WAITED, row["of_kinds"], strict=True):
            _count(person, kind, waits, 0)
        person["overdue"] += row["overdue"]
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


def _item(row: Any, stages: Stages, today: date) -> dict[str, Any]:
    return {
        "project_id": row["project_id"],
        "code": row["code"],
        "template": row["template_key"],
        "stage": row["stage"],
        "kind": row["kind"],
        "subject": row["subject"],
        "title": _title(stages, row),
        "role": row["role"],
        "people": row["people"],
        "waiting_since": row["entered_at"],
        "due_on": row["due_on"],
        "overdue": row["due_on"] is not None and row["due_on"] < today,
    }


def _title(stages: Stages, row: Any) -> Any:
    if row["kind"] == FOLLOW_UP:
        return None
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
