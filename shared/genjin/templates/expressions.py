"""CEL expressions of templates, checked and compiled. Needs cel-expr-python, which the API has.

CEL (cel.dev) has no loops but comprehensions over what is there, no assignments and no way out; the runtime bounds
recursion and iterations, and regular expressions run in linear time.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from genjin.templates.conditions import FieldCondition, MetricCondition
from genjin.templates.mistakes.mistake import Mistake, Path
from genjin.templates.model import Template

_MAP = cel.Type.Map(cel.Type.STRING, cel.Type.DYN)

VARIABLES: Mapping[str, Any] = {
    "today": cel.Type.STRING,  # the workspace's day, as 2026-11-22
    "project": _MAP,  # code, age_days, days_in_stage, visit, status
    "header": _MAP,  # texts by field; money as double("125.00") reads it
    "roles": _MAP,  # role: how many hold it; those that nobody holds are missing
    "holders": _MAP,  # role: who holds it, as {id, name}; roles that nobody holds are missing
    "forms": _MAP,  # form: its copies, as {values, state, revision, signed_by, author, saved_at}
    "metrics": _MAP,  # metric: {value, target, recorded_on}; those that were never recorded are missing
    "milestones": _MAP,  # milestone, the project's own by its id: {due_on, first_due_on, reached_on}, or null
    "tolerances": _MAP,  # tolerance: its limit
    "risks": cel.Type.List(cel.Type.DYN),  # {score, band, category, status, answered}
    "changes": cel.Type.List(cel.Type.DYN),  # {status, cost, days, decided_at}
    "findings": cel.Type.List(cel.Type.DYN),  # {severity, status}
    "health": _MAP,  # level and role of what was last said of it, null before anybody did
    "goals": cel.Type.List(cel.Type.DYN),  # {status, metric, target, value, is_reached, due_on}
    "stakeholders": cel.Type.List(
        cel.Type.DYN
    ),  # {id, roles, reports_to, stance_known, scores}: no attitude
}
OF_A_METRIC: Mapping[str, Any] = {"value": cel.Type.DOUBLE, "target": cel.Type.DYN}
"""What a metric condition has besides: the metric's newest value, its target or null."""

_ENVIRONMENT = cel.NewEnv(variables=dict(VARIABLES))
_METRIC_ENVIRONMENT = cel.NewEnv(variables={**VARIABLES, **OF_A_METRIC})
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"' + r"|'(?:[^'\\]|\\.)*'")
_MEMBERS = re.compile(
    r"(?<![\w.])(forms|metrics|milestones|roles|holders|tolerances|header)\.(\w+)\b(?!\s*\()"
)
"""Not milestones.all(…), which asks something of them all."""
_INDEXED = re.compile(
    r"(?<![\w.\"'])(forms|metrics|roles|holders|tolerances|header)\[\s*[\"'](\w+)[\"']\s*\]"
)
"""Not milestones: a project's own ones go by their ids."""


class ExpressionError(Exception):
    """The expression cannot be compiled, or does not say true or false."""


@lru_cache(maxsize=4096)
def _compiled(expression: str, *, of_a_metric: bool) -> Any:
    environment = _METRIC_ENVIRONMENT if of_a_metric else _ENVIRONMENT
    try:
        program = environment.compile(expression)
    except RuntimeError as error:
        raise ExpressionError(_first_line(error)) from error
    if program.return_type() not in (cel.Type.BOOL, cel.Type.DYN):
        raise ExpressionError(f"is {program.return_type()}, must be true or false")
    return program


def holds(
    expression: str, values: Mapping[str, Any], *, of_a_metric: bool = False
) -> tuple[bool, str]:
    """Whether the expression is true of the values, and why it could not be told, else ""."""
    try:
        result = _compiled(expression, of_a_metric=of_a_metric).eval(data=dict(values))
    except (RuntimeError, ExpressionError) as error:
        return False, _first_line(error)
    if result.type() != cel.Type.BOOL:
        return False, str(result)[:200]
    return bool(result.value()), ""


def mistakes(template: Template) -> Iterator[Mistake]:
    """Expressions that cannot be compiled, or that read what the template does not define."""
    known = {
        "forms": set(template.forms),
        "metrics": {metric.key for metric in template.metrics},
        "milestones": {milestone.key for milestone in template.milestones},
        "roles": {role.key for role in template.roles},
        "holders": {role.key for role in template.roles},
        "tolerances": {tolerance.key for tolerance in template.tolerances},
        "header": {field.key for field in template.header},
    }
    for path, expression, of_a_metric in _expressions(template):
        try:
            _compiled(expression, of_a_metric=of_a_metric)
        except ExpressionError as error:
            yield Mistake(path, str(error))
        dotted = _MEMBERS.findall(_TEXTS.sub('""', expression))
        for variable, member in (*dotted, *_INDEXED.findall(expression)):
            if member not in known[variable]:
                yield Mistake(path, f"reads {variable}.{member}, which the template does not have")


def _expressions(template: Template) -> Iterator[tuple[Path, str, bool]]:
    for index, outcome in enumerate(template.outcomes):
        if outcome.when:
            yield ("outcomes", index, "when"), outcome.when, False
    for index, stage in enumerate(template.stages):
        place: Path = ("stages", index)
        for way_index, way in enumerate(stage.exits):
            if way.when:
                yield (*place, "exits", way_index, "when"), way.when, False
        if stage.skip and stage.skip.when:
            yield (*place, "skip", "when"), stage.skip.when, False
        for part_index, part in enumerate(stage.parts):
            for condition_index, condition in enumerate(part.conditions):
                if isinstance(condition, FieldCondition | MetricCondition):
                    at = (*place, "parts", part_index, "conditions", condition_index, "expr")
                    yield at, condition.expr, isinstance(condition, MetricCondition)


def _first_line(error: Exception) -> str:
    """The reason without the runtime's own name for it and its drawing of the place."""
    line = str(error).splitlines()[0]
    return re.sub(r"^[A-Z_]+: (ERROR: )?(<input>:)?", "", line)[:300]
