"""What a gate must have seen, told from the facts alone: a second, plain way to the same answer, without any state."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from genjin.event import Fact, Stamp
from genjin.forms.events import FormCompleted, FormDrafted, FormRevised, FormSigned
from genjin.projects.events import TemplateMigrated
from genjin.stages.events import (
    ActualRecorded,
    ConditionMarked,
    JudgementWithdrawn,
    ReviewRequested,
    StageEntered,
    StageJudged,
)
from genjin.templates.conditions import ManualCondition
from genjin.templates.judging import JudgementRule
from genjin.templates.model import Template

Told = Sequence[tuple[Fact, Stamp]]


@dataclass
class Stay:
    """The stay in the newest stage: judgements that count, in the order in which they were given."""

    stage: str
    recorded: bool = False
    judged: dict[str, str] = field(default_factory=dict)
    marked: dict[str, bool] = field(default_factory=dict)
    signed: dict[tuple[str, int], set[str]] = field(default_factory=dict)
    complete: dict[tuple[str, int], bool] = field(default_factory=dict)
    saved: set[tuple[str, int]] = field(default_factory=set)

    def says_advance(self, rule: JudgementRule) -> bool:
        """Whether those who judge let the project go on, by the words of the rule."""
        advanced = [role for role, verdict in self.judged.items() if verdict == "advance"]
        match rule.mode:
            case "all":
                return set(rule.roles) <= set(advanced)
            case "any":
                return bool(set(rule.roles) & set(advanced))
            case "quorum":
                assert rule.quorum is not None
                return len(set(rule.roles) & set(advanced)) >= rule.quorum
            case "decisive":
                return set(rule.decisive) <= set(advanced)
            case "sequence":
                return [role for role in advanced if role in rule.roles] == list(rule.roles)


def newest_stay(told: Told) -> Stay:
    stay = Stay("")
    for fact, _ in told:
        if isinstance(fact, StageEntered):
            stay = Stay(fact.stage, signed=stay.signed, complete=stay.complete)
        else:
            _go_on(stay, fact)
    return stay


def _go_on(stay: Stay, fact: Fact) -> None:
    match fact:
        case ActualRecorded():
            stay.recorded = True
            stay.judged.clear()
        case ConditionMarked():
            stay.marked[fact.condition] = fact.met
            stay.judged.clear()
        case FormDrafted() | FormCompleted() | FormRevised():
            copy = fact.form, fact.copy_number
            stay.signed[copy] = set()
            stay.saved.add(copy)
            stay.complete[copy] = isinstance(fact, FormCompleted) or (
                isinstance(fact, FormRevised) and fact.complete
            )
            if not isinstance(fact, FormDrafted) and fact.facts_version is not None:
                stay.judged.clear()
        case FormSigned():
            stay.signed[fact.form, fact.copy_number].add(fact.role)
        case StageJudged():
            stay.judged.pop(fact.role, None)
            stay.judged[fact.role] = fact.verdict
        case JudgementWithdrawn():
            stay.judged.pop(fact.role, None)
        case ReviewRequested() | TemplateMigrated():
            stay.judged.clear()
        case _:
            pass


def missing(template: Template, stay: Stay) -> Iterator[str]:
    """What keeps a gate closed, as far as these facts tell."""
    stage = template.stage(stay.stage)
    if not stay.recorded:
        yield "no actual situation"
    if not stay.says_advance(template.judgement_of(stage.key)):
        yield "the judges do not say advance"
    for condition in stage.conditions():
        if isinstance(condition, ManualCondition) and not stay.marked.get(condition.key):
            yield f"condition {condition.key} is not met"
    for form in stage.forms:
        spec = template.forms[form]
        counted = stay.saved if spec.each_visit else stay.complete.keys()
        copies = [copy for copy in counted if copy[0] == form]
        if spec.required and not (
            copies
            and all(stay.complete[copy] for copy in copies)
            and all(stay.signed[copy] >= set(spec.signed_by) for copy in copies)
        ):
            yield f"form {form} is not complete and signed"
