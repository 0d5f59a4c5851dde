"""What is wrong with a template as a whole: every name that is used is defined, once, where it may be used, and every
stage leads where its kind of process goes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from genjin.templates.mistakes import conditions, course, forms, registers, rules
from genjin.templates.mistakes.mistake import Mistake, Path, twice, unknown

if TYPE_CHECKING:
    from genjin.templates.model import Template

__all__ = ["Mistake", "of"]


def of(template: Template) -> Iterator[Mistake]:
    roles = {role.key for role in template.roles}
    yield from twice(("header",), (field.key for field in template.header))
    yield from twice(("roles",), (role.key for role in template.roles))
    for index, role in enumerate(template.roles):
        place = ("roles", index, "appointed_by")
        yield from unknown(place, "role", role.appointed_by, roles)
    for name in ("exclusive_roles", "never_both"):
        for index, keys in enumerate(getattr(template, name)):
            yield from unknown((name, index), "role", keys, roles)
    yield from unknown(("change_deciders",), "role", template.change_deciders, roles)
    yield from unknown(("override_by",), "role", template.override_by, roles)
    yield from unknown(("reopen_by",), "role", template.reopen_by, roles)
    yield from rules.of(("judgement",), template.judgement, roles)
    yield from registers.of(template, roles)
    yield from _stages(template, roles)
    for key, form in template.forms.items():
        for name in ("by", "signed_by"):
            yield from unknown(("forms", key, name), "role", getattr(form, name), roles)
        yield from forms.of(key, form)
    yield from _change_control(template)
    yield from course.of(template)


def _change_control(template: Template) -> Iterator[Mistake]:
    """What nobody may decide on could never change."""
    stages = [stage.key for stage in template.stages]
    controlled: list[tuple[Path, str | None]] = [
        *(
            (("header", index), field.under_change_control_from)
            for index, field in enumerate(template.header)
        ),
        *((("forms", key), form.under_change_control_from) for key, form in template.forms.items()),
    ]
    for place, since in controlled:
        if since is not None:
            at = (*place, "under_change_control_from")
            yield from unknown(at, "stage", [since], stages)
            if not template.change_deciders:
                yield Mistake(at, "needs change_deciders")


def _stages(template: Template, roles: set[str]) -> Iterator[Mistake]:
    yield from twice(("stages",), (stage.key for stage in template.stages))
    for index, stage in enumerate(template.stages):
        place = ("stages", index)
        yield from unknown((*place, "actual_by"), "role", stage.actual_by, roles)
        yield from unknown((*place, "follow_up_by"), "role", stage.follow_up_by, roles)
        yield from unknown((*place, "return_by"), "role", stage.return_by, roles)
        yield from unknown((*place, "forms"), "form", stage.forms, template.forms.keys())
        yield from twice((*place, "parts"), (part.key for part in stage.parts))
        yield from twice((*place, "parts"), (c.key for c in stage.conditions()))
        if stage.judgement:
            yield from rules.of((*place, "judgement"), stage.judgement, roles)
        if stage.skip:
            yield from unknown((*place, "skip", "by"), "role", stage.skip.by, roles)
        yield from conditions.of(place, template, stage, roles)
