"""The reporting lines that a form draws anew. Pure."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from genjin.templates.binding import FormBinding
from genjin_api.refusal import Refusal, field_refusal, pointer
from genjin_api.stakeholders.behind import LINE, forms_at
from genjin_api.stakeholders.form_rows import Row
from genjin_api.stakeholders.form_words import superior_in
from genjin_api.stakeholders.lines import refuse_line
from genjin_api.stakeholders.state import Stakeholders, active

# To whom each reports of whom the form says so anew.
Drawn = Mapping[UUID, UUID]


def draw(
    stakeholders: Stakeholders,
    binding: FormBinding,
    form: str,
    rows: Sequence[tuple[str, Row, UUID]],
    names: Mapping[str, UUID],
    *,
    taken_up: Collection[UUID],
    kept: Collection[UUID],
) -> Drawn | Refusal:
    """Line by line, among all whom the form takes up; those that it drew alone before are gone. kept: of whom it says
    what it said before, whose lines stay as they are. rows: each with its place and its contact.
    """
    lines = dict.fromkeys(taken_up, None) | {
        one.id: one.reports_to
        if one.id in kept or forms_at(one.from_forms, LINE) != {form}
        else None
        for one in active(stakeholders)
    }
    drawn: dict[UUID, UUID] = {}
    for place, row, contact_id in rows:
        name = superior_in(binding, row)
        if name is None or contact_id in kept or contact_id not in taken_up:
            continue
        at, above = pointer("values") + place, names.get(name)
        if above is None or above not in lines:
            rule = "no stakeholder of the project is called so, or more than one is"
            field = pointer(binding.line.above) if binding.line else ""
            return field_refusal("field_invalid", at + field, rule)
        if refusal := refuse_line(lines, contact_id, above):
            return field_refusal(refusal.code, at, refusal.detail)
        drawn[contact_id] = lines[contact_id] = above
    return drawn
