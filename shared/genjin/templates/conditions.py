"""符合条件: the kinds of conditions that a stage's gate asks for. All but manual and approval are computed."""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from genjin.templates.words import Expression, Frozen, Key, Text


class AnyCondition(Frozen):
    """`waivable` false: no override may waive it, whatever the stage allows."""

    key: Key
    text: Text
    waivable: bool = True


class ManualCondition(AnyCondition):
    """Marked by a holder of `by` (default: whoever records the stage's actual situation), with evidence if asked."""

    kind: Literal["manual"] = "manual"
    evidence: bool = False
    by: tuple[Key, ...] = ()


class FormCondition(AnyCondition):
    """Met by a form of the stage that is complete and signed. Where form holds several copies, one suffices."""

    kind: Literal["form"]
    form: Key


class FieldCondition(AnyCondition):
    """Met while an expression over the project (its forms and header first of all) is true."""

    kind: Literal["field"]
    expr: Expression


class ApprovalCondition(AnyCondition):
    """Approved by holders of these roles, all of them or any. With form: that form's newest revision, else the
    facts of the stage; when those change, the approval is asked for again.
    """

    kind: Literal["approval"]
    by: tuple[Key, ...] = Field(min_length=1)
    mode: Literal["all", "any"] = "all"
    form: Key | None = None


class MilestoneCondition(AnyCondition):
    """The milestone of this key is reached; without a key: milestones are set, and those set for the stage reached."""

    kind: Literal["milestone"]
    milestone: Key | None = None


class RiskCondition(AnyCondition):
    """`assessed`: a risk was assessed since the stage was entered, and none is left unassessed. `max_score`: no open
    risk has a higher score. `categories` narrows both.
    """

    kind: Literal["risk"]
    assessed: bool = False
    max_score: int | None = Field(default=None, ge=0)
    categories: tuple[Key, ...] = ()


class ChangeCondition(AnyCondition):
    """No change request of the project is undecided, and none approved that is not yet applied. `settled`: nor
    deferred, however far off its review is.
    """

    kind: Literal["change"]
    settled: bool = False


class FindingCondition(AnyCondition):
    """No finding is open, of these severities or of any."""

    kind: Literal["finding"]
    severities: tuple[Key, ...] = ()


class MetricCondition(AnyCondition):
    """The metric's newest value makes the expression true. `each_visit`: it was recorded since the stage was
    entered.
    """

    kind: Literal["metric"]
    metric: Key
    expr: Expression
    each_visit: bool = False


class DocumentCondition(AnyCondition):
    """A document of this kind is attached. `each_visit`: since the stage was entered."""

    kind: Literal["document"]
    document: Key
    each_visit: bool = False


def _kind(value: Any) -> str:
    """The tag. It is no key, so that it cannot be taken for one in the place of a mistake."""
    if isinstance(value, dict):
        return f"kind {value.get('kind', 'manual')}"
    return f"kind {getattr(value, 'kind', 'manual')}"


Condition = Annotated[
    Annotated[ManualCondition, Tag("kind manual")]
    | Annotated[FormCondition, Tag("kind form")]
    | Annotated[FieldCondition, Tag("kind field")]
    | Annotated[ApprovalCondition, Tag("kind approval")]
    | Annotated[MilestoneCondition, Tag("kind milestone")]
    | Annotated[RiskCondition, Tag("kind risk")]
    | Annotated[ChangeCondition, Tag("kind change")]
    | Annotated[FindingCondition, Tag("kind finding")]
    | Annotated[MetricCondition, Tag("kind metric")]
    | Annotated[DocumentCondition, Tag("kind document")],
    Discriminator(
        _kind,
        custom_error_type="unknown_kind",
        custom_error_message="kind must be manual, form, field, approval, milestone, risk, change, finding, "
        "metric or document",
    ),
]
