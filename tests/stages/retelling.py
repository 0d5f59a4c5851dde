"""What a gate must see, told from the facts alone: a second, plain way to the same answer, without any state."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from genjin.event import Fact, Stamp
from genjin.forms.events import FormCompleted, FormDrafted, FormRevised, FormSigned
from genjin.projects.events import HeaderChanged, TemplateMigrated
from genjin.stages.events import (
    ActualRecorded,
    ConditionApproved,
    ConditionMarked,
    JudgementWithdrawn,
    ReviewRequested,
    StageAdvanced,
    StageEntered,
    StageJudged,
    StageSkipped,
)
from genjin.templates.conditions import (
    ApprovalCondition,
    Condition,
    FieldCondition,
    FormCondition,
    ManualCondition,
)
from genjin.templates.judging import JudgementRule
from genjin.templates.model import FormSpec, Template
from tests.stages.retelling_registers import Registers
from tests.stages.retelling_relations import SAY, Relations

Copy = tuple[str, int]


@dataclass(frozen=True)
class Word:
    """What a person said for a role. about: the complete copies of the form that it is on, by their revisions."""

    yes: bool
    person_id: UUID
    about: dict[str, int] = field(default_factory=dict)


@dataclass
class Stay:
    """The stay in the newest stage; number counts stays, entered how often each stage was. judged are the judgements
    that count, in the order in which they were given; forms, signatures and registers go on from stay to stay. behind
    are the stages on the way to this one, by their present keys.
    """

    stage: str = ""
    number: int = 0
    entered: Counter[str] = field(default_factory=Counter)
    behind: list[str] = field(default_factory=list)
    recorded: bool = False
    judged: dict[str, Word] = field(default_factory=dict)
    marked: dict[str, bool] = field(default_factory=dict)
    approved: dict[tuple[str, str], Word] = field(default_factory=dict)
    saved: set[Copy] = field(default_factory=set)
    complete: dict[Copy, int | None] = field(default_factory=dict)
    signed: dict[Copy, dict[str, UUID]] = field(default_factory=dict)
    registers: Registers = field(default_factory=Registers)
    relations: Relations = field(default_factory=Relations)

    def go_on(self, fact: Fact, stamp: Stamp, template: Template) -> None:
        """template is the version that the project is on after the fact."""
        match fact:
            case StageEntered():
                self.stage, self.number, self.recorded = fact.stage, self.number + 1, False
                self.entered[fact.stage] += 1
                if fact.stage in self.behind:
                    del self.behind[self.behind.index(fact.stage) :]
                for ended in (self.judged, self.marked, self.approved, self.saved):
                    ended.clear()
            case ActualRecorded():
                self.recorded = True
                self._facts_changed()
            case ConditionMarked():
                self.marked[fact.condition] = fact.met
                self._facts_changed()
            case ConditionApproved():
                word = Word(fact.approved, stamp.actor.id, dict(fact.revisions))
                self.approved[fact.condition, fact.role] = word
            case FormDrafted() | FormCompleted() | FormRevised():
                self._saved(fact, template)
            case FormSigned():
                self.signed[fact.form, fact.copy_number][fact.role] = stamp.actor.id
            case _:
                self._judged(fact, stamp)
                self._of_the_project(fact)
                self.registers.go_on(fact, self.number)
                self.relations.go_on(fact, stamp)

    def _of_the_project(self, fact: Fact) -> None:
        match fact:
            case HeaderChanged():
                self._facts_changed()
            case TemplateMigrated():
                self._facts_changed()
                self.registers.rename_stages(fact.stages)
                self.behind = [fact.stages.get(stage, stage) for stage in self.behind]
            case StageAdvanced() | StageSkipped():
                self.behind.append(fact.stage)
            case _:
                pass

    def _judged(self, fact: Fact, stamp: Stamp) -> None:
        match fact:
            case StageJudged():
                self.judged.pop(fact.role, None)
                self.judged[fact.role] = Word(fact.verdict == "advance", stamp.actor.id)
            case JudgementWithdrawn():
                self.judged.pop(fact.role, None)
            case ReviewRequested():
                self.judged.clear()
            case _:
                pass

    def _facts_changed(self) -> None:
        self.judged.clear()
        self.approved = {key: word for key, word in self.approved.items() if word.about}

    def _saved(self, fact: FormDrafted | FormCompleted | FormRevised, template: Template) -> None:
        copy = fact.form, fact.copy_number
        whole = isinstance(fact, FormCompleted) or (isinstance(fact, FormRevised) and fact.complete)
        self.signed[copy] = {}
        self.saved.add(copy)
        self.complete[copy] = fact.revision if whole else None
        carrying = {stage.key for stage in template.stages if fact.form in stage.forms}
        ahead = carrying and not carrying & {*self.behind, *self.entered}
        if not ahead and not isinstance(fact, FormDrafted):
            self._facts_changed()

    def judges(self, template: Template) -> dict[str, UUID]:
        """Who judges for which role, as far as the gate asks it."""
        roles = template.judgement_of(self.stage).roles
        return {role: word.person_id for role, word in self.judged.items() if role in roles}

    def copies(self, form: str, spec: FormSpec) -> list[Copy]:
        """Those that a gate takes."""
        counted = self.saved if spec.each_visit else self.complete.keys()
        return [copy for copy in counted if copy[0] == form]

    def is_done(self, copy: Copy, spec: FormSpec) -> bool:
        return self.complete[copy] is not None and self.signed[copy].keys() >= set(spec.signed_by)


def verdicts(template: Template, stay: Stay, today: date) -> dict[str, bool]:
    """All that the gate of the stay looks at, each with whether it lets the project pass. Left out: expressions
    that nobody retells.
    """
    stage = template.stage(stay.stage)
    told = {"actual": stay.recorded}
    told["judges"] = _say_advance(template.judgement_of(stage.key), stay)
    for condition in stage.conditions():
        if is_retold(condition):
            told[f"condition {condition.key}"] = _is_met(template, stay, condition, today)
    for form in stage.forms:
        spec = template.forms[form]
        copies = stay.copies(form, spec)
        if spec.required:
            done = bool(copies) and all(stay.is_done(copy, spec) for copy in copies)
            told[f"form {form}"] = done
    return told | dict(stay.registers.are_fine(template, stage.key, today))


def _say_advance(rule: JudgementRule, stay: Stay) -> bool:
    """Whether those who judge let the project go on, by the words of the rule."""
    advanced = [role for role, word in stay.judged.items() if word.yes and role in rule.roles]
    match rule.mode:
        case "all":
            return set(rule.roles) == set(advanced)
        case "any":
            return bool(advanced)
        case "quorum":
            assert rule.quorum is not None
            return len(advanced) >= rule.quorum
        case "decisive":
            return set(rule.decisive) <= set(advanced)
        case "sequence":
            return advanced == list(rule.roles)


def is_retold(condition: Condition) -> bool:
    return not isinstance(condition, FieldCondition) or condition.expr in SAY


def _is_met(template: Template, stay: Stay, condition: Condition, today: date) -> bool:
    match condition:
        case ManualCondition():
            return stay.marked.get(condition.key, False)
        case ApprovalCondition():
            said = dict(approvals(stay, condition))
            answers = [role in said and said[role].yes for role in condition.by]
            return all(answers) if condition.mode == "all" else any(answers)
        case FormCondition():
            spec = template.forms[condition.form]
            return any(stay.is_done(copy, spec) for copy in stay.copies(condition.form, spec))
        case FieldCondition():
            return stay.relations.say(condition.expr)
        case _:
            return stay.registers.meet(template, condition, stay.stage, stay.number, today)


def approvals(stay: Stay, condition: ApprovalCondition) -> Iterator[tuple[str, Word]]:
    """Of the form as it is now, where the condition names one."""
    now = {
        str(copy[1]): revision
        for copy, revision in stay.complete.items()
        if copy[0] == condition.form and revision is not None
    }
    for (key, role), word in stay.approved.items():
        if key == condition.key and word.about == now:
            yield role, word


def questions(template: Template, stay: Stay) -> Iterator[dict[str, UUID]]:
    """Who answered each question of the gate, by role: its judges, each condition's approvers, each copy's signers."""
    stage = template.stage(stay.stage)
    yield stay.judges(template)
    for condition in stage.conditions():
        if isinstance(condition, ApprovalCondition):
            said = approvals(stay, condition)
            yield {role: word.person_id for role, word in said if role in condition.by}
    asked = {one.form for one in stage.conditions() if isinstance(one, FormCondition)}
    for form in asked | set(stage.forms):
        spec = template.forms[form]
        for copy in stay.copies(form, spec):
            signed = stay.signed[copy].items()
            yield {role: person for role, person in signed if role in spec.signed_by}
