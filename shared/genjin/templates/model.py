"""The language of process templates: a process is data, checked here, and has no code of its own.

What one class can see of itself is checked by its fields. What reaches across (a stage names a
form, a form names a role) is checked once, on the whole template, and every mistake found is
reported with its place, as in `stages.contact.forms: no form 'visit_raport'`.
"""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from genjin.templates import references

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=64)]
TemplateKey = Annotated[
    str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*(\.[a-z0-9_]+)*$", max_length=64)
]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]


class Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", serialize_by_alias=True)


class Text(Frozen):
    zh: Words
    en: Words


class Source(Frozen):
    """The document that the process was taken from, so that every word can be looked up."""

    document: Words
    lines: Annotated[str, StringConstraints(pattern=r"^[0-9]+-[0-9]+$")]
    note: Text | None = None


class HeaderField(Frozen):
    key: Key
    title: Text
    required: bool = False
    max_length: int = Field(ge=1, le=4000)
    format: Literal["text", "money", "date", "currency"] = "text"


class Role(Frozen):
    key: Key
    title: Text


class Verdict(Frozen):
    key: Key
    title: Text


class Choice(Frozen):
    key: Key
    title: Text


class JudgementRule(Frozen):
    """Who judges a stage. `all`: the gate opens when every role has said `advance`."""

    ADVANCE: ClassVar[str] = "advance"

    roles: tuple[Key, ...] = Field(min_length=1)
    mode: Literal["all"] = "all"
    verdicts: tuple[Verdict, ...]
    comment_on: tuple[Key, ...] = ()


class Level(Frozen):
    value: int = Field(ge=1, le=10)
    title: Text


class Band(Frozen):
    """A range of risk scores, both ends included."""

    key: Key
    title: Text
    min: int
    max: int


class RiskScale(Frozen):
    """A risk's score is probability times impact; from `limit` on it needs an answer."""

    probability: tuple[Level, ...] = Field(min_length=1)
    impact: tuple[Level, ...] = Field(min_length=1)
    bands: tuple[Band, ...] = Field(min_length=1)
    limit: int
    categories: tuple[Choice, ...]
    strategies: tuple[Choice, ...]

    def span(self) -> tuple[int, int]:
        """The lowest and the highest score that the scale can give."""
        probability = [level.value for level in self.probability]
        impact = [level.value for level in self.impact]
        return min(probability) * min(impact), max(probability) * max(impact)


class Outcome(Frozen):
    """A way for a project to end. A required reason is one of `reasons`; if empty, free text."""

    key: Key
    title: Text
    final_gate_only: bool = False
    reason_required: bool = False
    reasons: tuple[Choice, ...] = ()


class Condition(Frozen):
    """`manual` is marked by a person; `form` is met by the form itself and never marked by hand."""

    key: Key
    kind: Literal["manual", "form"] = "manual"
    form: Key | None = None
    text: Text
    evidence: bool = False


class Part(Frozen):
    """A stage has one part or more, each with its own success criterion and conditions."""

    key: Key
    title: Text
    success: Text
    conditions: tuple[Condition, ...]


class Exit(Frozen):
    to: Key


class Stage(Frozen):
    """`judgement` None takes the template's; `waivable` are the blocker codes that an override
    may waive; `probability` (of winning, 0 to 1) and `max_days` None mean: not set."""

    key: Key
    title: Text
    parts: tuple[Part, ...] = Field(min_length=1)
    actual_by: tuple[Key, ...] = Field(min_length=1)
    judgement: JudgementRule | None = None
    follow_up_by: tuple[Key, ...] = ()
    forms: tuple[Key, ...] = ()
    probability: float | None = Field(default=None, ge=0, le=1)
    max_days: int | None = Field(default=None, ge=1)
    exits: tuple[Exit, ...] = ()
    allow_return: bool = True
    waivable: tuple[Key, ...] = ()

    def conditions(self) -> Iterator[Condition]:
        for part in self.parts:
            yield from part.conditions


class FormSpec(Frozen):
    title: Text
    required: bool = True
    repeatable: bool = False
    signed_by: tuple[Key, ...] = ()
    json_schema: dict[str, Any] = Field(alias="schema")

    @property
    def restricted(self) -> bool:
        """Whether a field of the form is marked `x-restricted`: personal data of customers' staff,
        or their attitudes."""
        return is_restricted(self.json_schema)


class Template(Frozen):
    """One version of a process. Never changed once published: a change is a new version."""

    key: TemplateKey
    version: int = Field(ge=1)
    kind: Literal["stage_gate"]
    title: Text
    source: Source
    header: tuple[HeaderField, ...]
    roles: tuple[Role, ...] = Field(min_length=1)
    exclusive_roles: tuple[tuple[Key, ...], ...] = ()
    """Of each set, one person may hold one role at most within a gate."""
    judgement: JudgementRule
    risk: RiskScale
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    change_deciders: tuple[Key, ...] = ()
    override_by: tuple[Key, ...] = ()
    stages: tuple[Stage, ...] = Field(min_length=1, max_length=64)
    forms: dict[Key, FormSpec] = {}

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if problems := list(references.problems(self)):
            raise ValueError("; ".join(problems))
        return self

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
