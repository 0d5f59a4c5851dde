"""The rows that reports count: what happened in stages, each row with the position of the event that made it.

genjin.stage_entry and genjin.stage_exit, genjin.suspension, genjin.judgement: one row per event, never changed, so
that a report of the past counts those up to a position. genjin.follow_up_past: a follow-up as it was set and completed.
"""

from collections.abc import Iterator
from typing import Any

from genjin_api.projects.state import Project
from genjin_api.stages.state import Visit, visit_key
from genjin_api.streams import Rows


def counted_rows(before: Project | None, after: Project) -> Rows:
    """What one event adds to the tables that reports count. Most events leave alone all that these are made of."""
    if before is None:
        return {}
    found: Rows = {}
    if after.course.visits is not before.course.visits:
        found |= _of_visits(before, after)
    if after.course.follow_ups is not before.course.follow_ups:
        found["follow_up_past"] = list(_follow_ups(before, after))
    if (
        after.suspension is not before.suspension
        or after.ended_suspensions is not before.ended_suspensions
    ):
        found["suspension"] = list(_suspensions(before, after))
    return {table: rows for table, rows in found.items() if rows} if found else found


def _of_visits(before: Project, after: Project) -> Rows:
    """An event enters a stage, or else it may end the visit that was, or add to its judgements."""
    if len(after.course.visits) > len(before.course.visits):
        return {"stage_entry": [_entry(after)]}
    was, now = before.course.current, after.course.current
    found: Rows = {}
    if was.left_by is None and now.left_by is not None:
        found["stage_exit"] = [_exit(before, after, now)]
    if now.judgements is not was.judgements:
        found["judgement"] = list(_judgements(after, was, now))
    return found


def _entry(after: Project) -> dict[str, Any]:
    visit = after.course.current
    first = after.course.visits[visit_key(visit.stage, 1)]
    return {
        **_of_visit(after, after, visit),
        "number": visit.number,
        "entered_at": visit.entered_at,
        "first_entered_at": first.entered_at,
        "created_at": after.created_at,
    }


def _exit(before: Project, after: Project, left: Visit) -> dict[str, Any]:
    """passed: through the gate, whether it led to another stage or to the end."""
    override = (left.receipt or {}).get("override") or {}
    return {
        **_of_visit(after, before, left),
        "left_at": left.left_at,
        "left_by": left.left_by,
        "passed": left.receipt is not None,
        "override_role": override.get("role"),
        "outcome": after.closing.outcome if after.closing else None,
        **_of_entry(before, left),
    }


def _of_entry(project: Project, visit: Visit) -> dict[str, Any]:
    """What the entry into the visit said. A migration may have left the visit going on by another template's rules."""
    ordinal, template = project.began_by or (0, project.template)
    began_by = template if ordinal == visit.ordinal else project.template
    return {
        "number": visit.number,
        "entered_at": visit.entered_at,
        "first_entered_at": project.course.visits[visit_key(visit.stage, 1)].entered_at,
        "created_at": project.created_at,
        "entered_template_key": began_by.key,
        "entered_template_version": began_by.version,
    }


def _suspensions(before: Project, after: Project) -> Iterator[dict[str, Any]]:
    """A row where one begins, and another where it ends."""
    row = {"project_id": after.id, "version": after.version}
    if len(after.ended_suspensions) > len(before.ended_suspensions):
        ended = after.ended_suspensions[-1]
        yield {**row, "since": ended.since, "ended_at": ended.ended_at}
    elif after.suspension is not None and after.suspension is not before.suspension:
        yield {**row, "since": after.suspension.since, "ended_at": None}


def _judgements(after: Project, was: Visit, now: Visit) -> Iterator[dict[str, Any]]:
    """first_word: the role had not judged in this visit. others are what the other roles had said of the same facts by
    then, where the role had not said anything of them yet. What was withdrawn was said.
    """
    for role, judgement in now.judgements.items():
        if judgement is was.judgements.get(role):
            continue
        revised = was.spoken.get(role) == (was.facts_version, was.round)
        yield {
            **_of_visit(after, after, now),
            "role": role,
            "person_id": judgement.person_id,
            "verdict": judgement.verdict,
            "first_word": role not in was.spoken,
            "others": "" if revised else _fresh(was, besides=role),
            "judged_at": judgement.at,
        }


def _fresh(visit: Visit, besides: str) -> str:
    said = [
        f"{role}={judgement.verdict}"
        for role, judgement in visit.judgements.items()
        if role != besides and not visit.is_stale(judgement)
    ]
    return ",".join(sorted(said))


def _of_visit(after: Project, pinned: Project, visit: Visit) -> dict[str, Any]:
    """pinned is the project when its template version was that of the visit."""
    return {
        "project_id": after.id,
        "ordinal": visit.ordinal,
        "version": after.version,
        "stage": visit.stage,
        "template_key": pinned.template.key,
        "template_version": pinned.template.version,
    }


def _follow_ups(before: Project, after: Project) -> Iterator[dict[str, Any]]:
    for key, follow_up in after.course.follow_ups.items():
        if follow_up is not before.course.follow_ups.get(key):
            yield {
                "project_id": after.id,
                "id": follow_up.id,
                "version": after.version,
                "role": follow_up.role,
                "owner_id": follow_up.owner_id,
                "due_on": follow_up.due_on,
                "status": follow_up.status,
            }
