"""The language of process templates: a process is data, checked here, and has no code of its own.

What one class can see of itself is checked by its fields. What reaches across (a stage names a form, a form names a
role) is checked once, on the whole template, and every mistake found is reported with its place, a JSON Pointer, as in
`/stages/1/forms: no form 'visit_raport'`. Expressions and form schemas are checked by expressions.py and
form_schemas.py, which need more than this package does.

The default of a field never changes: hashes of published templates leave defaults out (catalog.body_hash).
"""

from collections.abc import Iterator
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from genjin.templates import mistakes
from genjin.templates.binding import FormBinding
from genjin.templates.conditions import Condition
from genjin.templates.judging import JudgementRule
from genjin.templates.mistakes.mistake import Mistake
from genjin.templates.registers import (
    Authority,
    Band,
    Cadence,
    DocumentKind,
    Findings,
    Metric,
    MilestoneSpec,
    Outcome,
    Period,
    RiskScale,
    Silence,
    Tolerance,
)
from genjin.templates.words import Choice, Expression, Frozen, Key, Source, TemplateKey, Text


class HeaderField(Frozen):
    """`under_change_control_from`: once a project has come to this stage, an approved change request alone changes the
    field.
    """

    key: Key
    title: Text
    required: bool = False
    max_length: int = Field(ge=1, le=4000)
    format: Literal["text", "money", "date", "currency"] = "text"
    under_change_control_from: Key | None = None


class Role(Frozen):
    """`single`: one holder at a time. `appointed_by`: whose holders give the role out and take it back; empty: those
    of `override_by` where the role has authority (authority.py), else every role's. Owners and admins of the workspace
    do it always, who created the project until its first gate is passed. `outside`: a party outside the house, as the
    customer. It reads nothing restricted, and gives out no roles, moves nothing, fills in no form and sets no target
    unless the template names it for just that.
    """

    key: Key
    title: Text
    single: bool = False
    appointed_by: tuple[Key, ...] = ()
    outside: bool = False


class Part(Frozen):
    """A stage has one part or more, each with its own success criterion and conditions."""

    key: Key
    title: Text
    success: Text
    conditions: tuple[Condition, ...]


class Exit(Frozen):
    """A way on. `when`: only while the expression is true; `text` says in words what that is."""

    to: Key
    when: Expression | None = None
    text: Text | None = None


class Skip(Frozen):
    """Who may pass a stage over, with a reason; `when`: only while the expression is true."""

    by: tuple[Key, ...] = Field(min_length=1)
    when: Expression | None = None


class Stage(Frozen):
    """`judgement` None takes the template's; `waivable` are the blocker codes that an override may waive;
    `probability` (of winning, 0 to 1) and `max_days` None mean: not set; `skip` None: never passed over; `return_to`
    None: to any earlier stage, where `allow_return`; `return_by`: who returns the project from here, empty: holders of
    any role that is not outside.
    """

    key: Key
    title: Text
    parts: tuple[Part, ...] = Field(min_length=1, max_length=64)
    actual_by: tuple[Key, ...] = Field(min_length=1)
    judgement: JudgementRule | None = None
    follow_up_by: tuple[Key, ...] = ()
    forms: tuple[Key, ...] = ()
    probability: float | None = Field(default=None, ge=0, le=1)
    max_days: int | None = Field(default=None, ge=1)
    exits: tuple[Exit, ...] = ()
    allow_return: bool = True
    return_to: tuple[Key, ...] | None = None
    return_by: tuple[Key, ...] = ()
    skip: Skip | None = None
    waivable: tuple[Key, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            yield from part.conditions


class FormSpec(Frozen):
    """`by`: who fills it in, and signs nothing by that; empty: holders of any role that is not outside.
    `each_visit`: a gate takes only copies completed since its stage was entered. `four_eyes`: who saved the revision
    does not sign it. `stakeholders`: which of its fields are about the people inside the customer.
    `under_change_control_from`: once a project has come to this stage, an approved change request alone revises it.
    """

    title: Text
    required: bool = True
    repeatable: bool = False
    each_visit: bool = False
    four_eyes: bool = False
    by: tuple[Key, ...] = ()
    signed_by: tuple[Key, ...] = ()
    json_schema: dict[str, Any] = Field(alias="schema")
    stakeholders: FormBinding | None = None
    under_change_control_from: Key | None = None

    @property
    def restricted(self) -> bool:
        """Whether a field of the form is marked `x-restricted`: personal data of customers' staff,
        or their attitudes."""
        return is_restricted(self.json_schema)


class TemplateMistakesError(ValueError):
    """All that is wrong with a template as a whole."""

    def __init__(self, found: list[Mistake]) -> None:
        super().__init__("; ".join(f"{mistake.pointer}: {mistake.rule}" for mistake in found))
        self.mistakes = found


class Template(Frozen):
    """One version of a process. Never changed once published: a change is a new version.

    `stage_gate` goes from the first stage to a last one; `loop` comes back to its first stage every `period` until an
    outcome ends it; `engagement` is a loop without an end, which spawns projects of the templates `spawns`.
    """

    key: TemplateKey
    version: int = Field(ge=1)
    kind: Literal["stage_gate", "loop", "engagement"]
    title: Text
    source: Source | None = None
    header: tuple[HeaderField, ...] = Field(max_length=64)
    roles: tuple[Role, ...] = Field(min_length=1, max_length=64)
    exclusive_roles: tuple[tuple[Key, ...], ...] = ()
    """Of each set, one person may fill one role at most within a gate."""
    never_both: tuple[tuple[Key, ...], ...] = ()
    """Of each set, one person may hold one role at most in the whole project."""
    judgement: JudgementRule
    risk: RiskScale
    outcomes: tuple[Outcome, ...] = ()
    change_deciders: tuple[Key, ...] = ()
    authority: tuple[Authority, ...] = ()
    override_by: tuple[Key, ...] = ()
    reopen_by: tuple[Key, ...] = ()
    """Who opens a closed project again; empty: holders of any role that is not outside."""
    period: Period | None = None
    health: tuple[Choice, ...] = ()
    spawns: tuple[TemplateKey, ...] = ()
    silence: Silence | None = None
    findings: Findings | None = None
    metrics: tuple[Metric, ...] = Field(default=(), max_length=100)
    milestones: tuple[MilestoneSpec, ...] = Field(default=(), max_length=100)
    documents: tuple[DocumentKind, ...] = Field(default=(), max_length=100)
    cadences: tuple[Cadence, ...] = Field(default=(), max_length=50)
    tolerances: tuple[Tolerance, ...] = Field(default=(), max_length=50)
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=64)
    forms: dict[Key, FormSpec] = Field(default={}, max_length=200)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if found := list(mistakes.of(self)):
            raise TemplateMistakesError(found)
        return self

    @property
    def outside_roles(self) -> frozenset[str]:
        return frozenset(role.key for role in self.roles if role.outside)

    def stage_index(self, key: str) -> int:
        """The stage's place, from 0. KeyError when there is no such stage, here and below."""
        for index, stage in enumerate(self.stages):
            if stage.key == key:
                return index
        raise KeyError(f"{self.key}: no stage '{key}'")

    def stage(self, key: str) -> Stage:
        return self.stages[self.stage_index(key)]

    def next_stage(self, key: str) -> Stage | None:
        """The stage that the first exit leads to; None behind the final gate."""
        exits = self.stage(key).exits
        return self.stage(exits[0].to) if exits else None

    def condition(self, stage: str, key: str) -> Condition:
        for condition in self.stage(stage).conditions():
            if condition.key == key:
                return condition
        raise KeyError(f"{self.key}: no condition '{key}' in stage '{stage}'")

    def judgement_of(self, stage: str) -> JudgementRule:
        return self.stage(stage).judgement or self.judgement

    def band(self, score: int) -> Band:
        for band in self.risk.bands:
            if band.min <= score <= band.max:
                return band
        raise ValueError(f"{self.key}: no risk band holds the score {score}")


def is_restricted(schema: Any) -> bool:
    """Whether a part of a JSON Schema is marked `x-restricted`, or holds one that is."""
    if isinstance(schema, list):
        return any(map(is_restricted, schema))
    if not isinstance(schema, dict):
        return False
    return schema.get("x-restricted") is True or any(map(is_restricted, schema.values()))
