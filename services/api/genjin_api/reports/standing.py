"""Where every project stands, in a narrow row: genjin.project_standing, and genjin.project_standing_past as it was.

given is what people have given so far of what the gate of the stage may ask them for, as JSON: judged are the fresh
judgements in their order, [role, verdict]; approved what was said of conditions, [condition, role, approved, on], on
being null where it is about the facts of the stage, else the form's revisions; forms the copies of forms, [form, copy,
revision, complete, saved in this visit, signed by]. What a gate does ask for, only the template says: see waiting.py.
"""

from typing import Any

from genjin.canonical import plain_json
from genjin_api.projects.state import Project
from genjin_api.streams import Rows

# What is looked at to see whether a row can be another one.
_PARTS = ("course", "forms", "role_holders", "header", "template", "status", "closing")


def standing_row(project: Project) -> dict[str, Any]:
    header, visit, closing = project.header, project.course.current, project.closing
    holders = [
        (role, holder.person_id)
        for role, holding in sorted(project.role_holders.items())
        for holder in holding
    ]
    return {
        "project_id": project.id,
        "ordinal": visit.ordinal,
        "stage": visit.stage,
        "status": project.status,
        "template_key": project.template.key,
        "template_version": project.template.version,
        "entered_at": visit.entered_at,
        "outcome": closing.outcome if closing else None,
        "region": header.get("region"),
        "department": header.get("department"),
        "currency": header.get("currency"),
        "expected_amount": header.get("expected_amount"),
        "holder_roles": [role for role, _ in holders],
        "holder_ids": [person_id for _, person_id in holders],
        "given": given(project),
    }


def standing_rows(before: Project | None, after: Project) -> Rows:
    """The row of genjin.project_standing, where it is another now."""
    row = _changed(before, after)
    return {"project_standing": [row]} if row else {}


def standing_past_rows(before: Project | None, after: Project) -> Rows:
    """The row that one event adds to genjin.project_standing_past."""
    row = _changed(before, after) if after.stands else None
    return {"project_standing_past": [{**row, "version": after.version}]} if row else {}


def _changed(before: Project | None, after: Project) -> dict[str, Any] | None:
    if before is None or not before.stands:
        return standing_row(after)
    if all(getattr(before, part) is getattr(after, part) for part in _PARTS):
        return None
    row = standing_row(after)
    return row if row != standing_row(before) else None


def given(project: Project) -> str:
    visit = project.course.current
    words = {
        "judged": [
            [role, judgement.verdict]
            for role, judgement in visit.judgements.items()
            if not visit.is_stale(judgement)
        ],
        "approved": [
            [one.condition, one.role, one.approved, one.revisions or None]
            for _, one in sorted(visit.approvals.items())
            if one.revisions or one.facts_version == visit.facts_version
        ],
        "forms": [
            [
                record.form,
                record.copy_number,
                record.revision,
                record.state == "complete",
                record.saved_in >= visit.ordinal,
                sorted(record.signatures),
            ]
            for _, record in sorted(project.forms.items())
        ],
    }
    return plain_json(words).decode()
