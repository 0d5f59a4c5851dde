"""Which roles of a process have authority: a say that others rely on, beyond recording. So not everybody gives them."""

from collections.abc import Iterator

from genjin.templates.conditions import ApprovalCondition, ManualCondition
from genjin.templates.model import Stage, Template


def roles_with_authority(template: Template) -> frozenset[str]:
    """Those that judge, approve, override, decide changes, sign, close findings, confirm what others record, and those
    named to end a project, to open it again, to skip or return, to set targets or to give roles out.
    """
    return frozenset(_of_all(template))


def appointers(template: Template, role: str) -> tuple[str, ...] | None:
    """The roles whose holders give this one out and take it back; None: everybody's. KeyError: no such role."""
    named = {known.key: known.appointed_by for known in template.roles}[role]
    if named:
        return named
    return template.override_by if role in roles_with_authority(template) else None


def _of_all(template: Template) -> Iterator[str]:
    yield from template.override_by
    yield from template.reopen_by
    yield from template.change_deciders
    yield from template.judgement.roles
    if template.findings:
        yield from template.findings.closed_by
    for metric in template.metrics:
        yield from metric.target_by
    for role in template.roles:
        yield from role.appointed_by
    for outcome in template.outcomes:
        yield from outcome.by
    for form in template.forms.values():
        yield from form.signed_by
    for stage in template.stages:
        yield from _of_stage(stage)


def _of_stage(stage: Stage) -> Iterator[str]:
    """Who marks what others record confirms it."""
    yield from stage.return_by
    if stage.judgement:
        yield from stage.judgement.roles
    if stage.skip:
        yield from stage.skip.by
    for condition in stage.conditions():
        if isinstance(condition, ApprovalCondition):
            yield from condition.by
        elif isinstance(condition, ManualCondition):
            yield from set(condition.by) - set(stage.actual_by)
