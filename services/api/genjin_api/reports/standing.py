"""Where every project stands, in a narrow row: genjin.project_standing, and genjin.project_standing_past as it was.

judged and given are what people have given so far of what the gate of the stage may ask them for, as JSON. judged are
the fresh judgements in their order, [role, verdict]. given.approved is what was said of conditions, [condition, role,
approved, on], on being null where it is about the facts of the stage, else the form's revisions; given.forms the copies
of forms, [form, copy, revision, complete, saved in this visit, signed by], revision being 0 where nothing was approved
of forms, for then no gate depends on it. What a gate does ask for, only the template says: see waiting.py.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from genjin.canonical import plain_json
from genjin_api.forms.state import FormRecord
from genjin_api.projects.header import amount_of
from genjin_api.projects.role_holders import RoleHolder
from genjin_api.projects.state import Project
from genjin_api.stages.state import Visit
from genjin_api.streams import Rows


def standing_row(project: Project) -> dict[str, Any]:
    holders = _holders(project.role_holders)
    return {
        "project_id": project.id,
        **_of_visit(project.course.current),
        **_of_project(project),
        **_of_header(project.header),
        "holder_roles": [role for role, _ in holders],
        "holder_ids": [person_id for _, person_id in holders],
        "given": given(project),
        "judged": judged(project),
    }


def standing_rows(before: Project | None, after: Project) -> Rows:
    """The row of genjin.project_standing, where it is another now."""
    return {"project_standing": [standing_row(after)]} if _changed(before, after) else {}


def standing_past_rows(before: Project | None, after: Project) -> Rows:
    """The row that one event adds to genjin.project_standing_past."""
    if not after.stands or not _changed(before, after):
        return {}
    return {"project_standing_past": [{**standing_row(after), "version": after.version}]}


def _changed(before: Project | None, after: Project) -> bool:
    """Whether the row is another one: what is the same object is not looked into, and no row is made to find out."""
    if before is None or not before.stands:
        return True
    return (
        (before.course is not after.course and _visit_changed(before, after))
        or (before.forms is not after.forms and _forms_changed(before, after))
        or (
            before.header is not after.header
            and _of_header(before.header) != _of_header(after.header)
        )
        or (
            before.role_holders is not after.role_holders
            and _holders(before.role_holders) != _holders(after.role_holders)
        )
        or _project_parts(before) != _project_parts(after)
    )


def _visit_changed(before: Project, after: Project) -> bool:
    was, now = before.course.current, after.course.current
    if was is now or was.ordinal != now.ordinal:
        return was is not now
    refreshed = (was.facts_version, was.round) != (now.facts_version, now.round)
    return (
        (refreshed or was.judgements is not now.judgements) and _judged(was) != _judged(now)
    ) or ((refreshed or was.approvals is not now.approvals) and _approved(was) != _approved(now))


def _project_parts(project: Project) -> tuple[Any, ...]:
    """All that _of_project() is made of, as it is: a comparison of what is the same object costs nothing."""
    return project.status, project.template, project.closing


def _forms_changed(before: Project, after: Project) -> bool:
    """In one and the same visit, where the same was approved: else it is another row anyway."""
    visit = after.course.current
    return any(
        (was := before.forms.get(key)) is not record
        and (was is None or _form(was, visit) != _form(record, visit))
        for key, record in after.forms.items()
    )


def _of_visit(visit: Visit) -> dict[str, Any]:
    return {"ordinal": visit.ordinal, "stage": visit.stage, "entered_at": visit.entered_at}


def _of_project(project: Project) -> dict[str, Any]:
    return {
        "status": project.status,
        "template_key": project.template.key,
        "template_version": project.template.version,
        "outcome": project.closing.outcome if project.closing else None,
    }


def _of_header(header: Mapping[str, str]) -> dict[str, str | None]:
    columns = {column: header.get(column) for column in ("region", "department", "currency")}
    return {**columns, "expected_amount": amount_of(header)}


def _holders(role_holders: Mapping[str, tuple[RoleHolder, ...]]) -> list[tuple[str, UUID]]:
    return [
        (role, holder.person_id)
        for role, holders in sorted(role_holders.items())
        for holder in holders
    ]


def judged(project: Project) -> str:
    return plain_json(_judged(project.course.current)).decode()


def given(project: Project) -> str:
    visit = project.course.current
    words = {
        "approved": _approved(visit),
        "forms": [_form(record, visit) for _, record in sorted(project.forms.items())],
    }
    return plain_json(words).decode()


def _judged(visit: Visit) -> list[list[Any]]:
    return [
        [role, judgement.verdict]
        for role, judgement in visit.judgements.items()
        if not visit.is_stale(judgement)
    ]


def _approved(visit: Visit) -> list[list[Any]]:
    return [
        [one.condition, one.role, one.approved, one.revisions or None]
        for _, one in sorted(visit.approvals.items())
        if one.revisions or one.facts_version == visit.facts_version
    ]


def _form(record: FormRecord, visit: Visit) -> list[Any]:
    counts = any(one.revisions for one in visit.approvals.values())
    return [
        record.form,
        record.copy_number,
        record.revision if counts else 0,
        record.state == "complete",
        record.saved_in >= visit.ordinal,
        sorted(record.signatures),
    ]
