"""What a template says of the registers that accompany a project: risks, findings, metrics, milestones, documents,
and of the limits and rhythms that it is held to.
"""

from typing import Literal

from pydantic import Field

from genjin.templates.words import Choice, Expression, Frozen, Key, Text

CountsAs = Literal["won", "lost", "neither"]
_BY_KEY: dict[str, CountsAs] = {"won": "won", "lost": "lost"}

Every = Literal["day", "working_day", "week", "month", "quarter", "year"]


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


class Findings(Frozen):
    """审计发现: raised by one of `raised_by`, reported corrected by one of `corrected_by`, closed by one of `closed_by`
    alone.
    """

    severities: tuple[Choice, ...] = Field(min_length=1)
    raised_by: tuple[Key, ...] = Field(min_length=1)
    corrected_by: tuple[Key, ...] = Field(min_length=1)
    closed_by: tuple[Key, ...] = Field(min_length=1)


class Metric(Frozen):
    """A figure that is recorded again and again. `target` is the template's; a project may set its own, by holders of
    `target_by`; empty: of any role that is not outside.
    """

    key: Key
    title: Text
    unit: Text | None = None
    target: float | None = None
    target_by: tuple[Key, ...] = ()
    recorded_by: tuple[Key, ...] = Field(min_length=1)


class MilestoneSpec(Frozen):
    """A milestone that every project of the process has. Projects set further ones of their own."""

    key: Key
    title: Text


class DocumentKind(Frozen):
    key: Key
    title: Text


class Cadence(Frozen):
    """Something that is due again and again: a copy of `form`, or an entry of the actual situation without one.

    `count` periods of `every` make one turn; `grace_days` after its end it counts as missed. `stages`: only there.
    `each`: whoever held a role of `by` all through a turn owes one of their own; else one by anybody does.
    """

    key: Key
    title: Text
    every: Every
    count: int = Field(default=1, ge=1, le=100)
    form: Key | None = None
    by: tuple[Key, ...] = Field(min_length=1)
    grace_days: int = Field(default=0, ge=0, le=366)
    stages: tuple[Key, ...] = ()
    each: bool = False


class Period(Frozen):
    """How long one round of a loop or an engagement lasts."""

    every: Literal["week", "month", "quarter", "year"]
    count: int = Field(default=1, ge=1, le=100)


class Silence(Frozen):
    """A customer is silent when no copy of these forms was completed for so many days."""

    days: int = Field(ge=1, le=3660)
    forms: tuple[Key, ...] = Field(min_length=1)


class Tolerance(Frozen):
    """How far something may be off before it counts as a deviation; expressions read it as tolerances.<key>."""

    key: Key
    title: Text
    unit: Text | None = None
    limit: float


class Authority(Frozen):
    """Up to what a role decides a change: its cost and its days, both included. null: without a limit."""

    role: Key
    max_cost: str | None = Field(default=None, pattern=r"^[0-9]{1,15}(\.[0-9]{1,2})?$")
    max_days: int | None = Field(default=None, ge=0)


class Outcome(Frozen):
    """A way for a project to end. A required reason is one of `reasons`; if empty, free text.

    `final_gate_only`: through the gate of a stage that leads nowhere else, or of one of `at` where these are named.
    `when`: only while the expression is true. `by`: only by holders of these roles. `counts_as`: in win rates; None: as
    its key says, won and lost as themselves, every other key as neither.
    """

    key: Key
    title: Text
    final_gate_only: bool = False
    reason_required: bool = False
    reasons: tuple[Choice, ...] = ()
    at: tuple[Key, ...] = ()
    by: tuple[Key, ...] = ()
    when: Expression | None = None
    when_text: Text | None = None
    counts_as: CountsAs | None = None

    @property
    def counts(self) -> CountsAs:
        if self.counts_as is not None:
            return self.counts_as
        return _BY_KEY.get(self.key, "neither")
