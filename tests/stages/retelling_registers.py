"""Registers and follow-ups told from the facts alone, as far as gates ask for them: a second, plain way."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from genjin.changes.events import ChangeApplied, ChangeDecided, ChangeRaised, ChangeSubmitted
from genjin.documents.events import DocumentAttached, DocumentWithdrawn
from genjin.event import Fact
from genjin.findings.events import FindingClosed, FindingCorrected, FindingRaised, FindingRejected
from genjin.metrics.events import MetricRecorded, MetricTargetSet
from genjin.milestones.events import MilestoneDropped, MilestoneReached, MilestoneSet
from genjin.risks.events import ResponsePlanned, RiskAssessed, RiskClosed, RiskIdentified
from genjin.stages.events import FollowUpCompleted, FollowUpSet
from genjin.templates.conditions import ChangeCondition, Condition
from genjin.templates.model import Template


@dataclass
class Registers:
    """Of each entry what was said of it last; stay is the number of the stay in which that was."""

    risks: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    changes: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    milestones: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    findings: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    documents: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    follow_ups: dict[UUID, dict[str, Any]] = field(default_factory=dict)
    values: dict[str, list[tuple[date, float, int]]] = field(default_factory=dict)
    targets: dict[str, float | None] = field(default_factory=dict)

    def go_on(self, fact: Fact, stay: int) -> None:
        match fact:
            case MetricRecorded():
                told = (fact.on, fact.value, stay)
                self.values[fact.metric] = sorted(
                    [*self.values.get(fact.metric, []), told], key=lambda one: one[0]
                )
            case MetricTargetSet():
                self.targets[fact.metric] = fact.target
            case DocumentAttached():
                self.documents[fact.document_id] = {"kind": fact.document, "stay": stay}
            case DocumentWithdrawn():
                self.documents.pop(fact.document_id)
            case FollowUpSet():
                due = {"stage": fact.stage, "due_on": fact.due_on, "owner": fact.owner_id}
                self.follow_ups[fact.follow_up_id] = due | {"role": fact.role, "open": True}
            case FollowUpCompleted():
                self.follow_ups[fact.follow_up_id]["open"] = False
            case _:
                self._of_risks(fact, stay)
                self._of_changes(fact)
                self._of_the_rest(fact)

    def _of_risks(self, fact: Fact, stay: int) -> None:
        match fact:
            case RiskIdentified():
                self.risks[fact.risk_id] = {"category": fact.category, "score": None, "for": 0}
            case RiskAssessed():
                graded = {"score": fact.probability * fact.impact, "stay": stay}
                self.risks[fact.risk_id].update(graded)
            case ResponsePlanned():
                self.risks[fact.risk_id]["for"] = self.risks[fact.risk_id]["score"]
            case RiskClosed():
                self.risks[fact.risk_id]["closed"] = True
            case _:
                pass

    def _of_changes(self, fact: Fact) -> None:
        match fact:
            case ChangeRaised():
                self.changes[fact.change_id] = {"stages": fact.stages, "status": "waits"}
            case ChangeSubmitted():
                self.changes[fact.change_id]["status"] = "waits"
            case ChangeDecided():
                status = {"approve": "approved", "defer": "later"}.get(fact.decision, "over")
                self.changes[fact.change_id] |= {"status": status, "on": fact.review_on}
            case ChangeApplied():
                self.changes[fact.change_id]["status"] = "over"
            case _:
                pass

    def _of_the_rest(self, fact: Fact) -> None:
        match fact:
            case MilestoneSet():
                set_ = {"key": fact.key, "stage": fact.stage, "reached": False}
                self.milestones[fact.milestone_id] = set_
            case MilestoneReached():
                self.milestones[fact.milestone_id]["reached"] = True
            case MilestoneDropped():
                self.milestones.pop(fact.milestone_id)
            case FindingRaised():
                self.findings[fact.finding_id] = {"severity": fact.severity}
            case FindingCorrected() | FindingRejected():
                pass
            case FindingClosed():
                self.findings.pop(fact.finding_id)
            case _:
                pass

    def rename_stages(self, keys: Mapping[str, str]) -> None:
        for told in (*self.follow_ups.values(), *self.milestones.values()):
            told["stage"] = keys.get(told["stage"], told["stage"])
        for change in self.changes.values():
            change["stages"] = [keys.get(stage, stage) for stage in change["stages"]]

    def are_fine(self, template: Template, stage: str, today: date) -> Iterator[tuple[str, bool]]:
        """Of what every gate looks at, each entry, and whether it lets the project pass."""
        for identifier, follow_up in self.follow_ups.items():
            if follow_up["stage"] == stage:
                late = follow_up["open"] and follow_up["due_on"] < today
                yield f"follow-up {identifier}", not late
        for identifier, risk in self.risks.items():
            if risk["score"]:
                small = risk["score"] < template.risk.limit
                yield (
                    f"risk {identifier}",
                    small or "closed" in risk or risk["for"] >= risk["score"],
                )
        for identifier, change in self.changes.items():
            if stage in change["stages"]:
                yield f"change {identifier}", not _waits(change, today)

    def meet(
        self, template: Template, condition: Condition, stage: str, stay: int, today: date
    ) -> bool:
        if isinstance(condition, ChangeCondition):
            known = self.changes.values()
            return not any(_waits(one, today) or one["status"] == "approved" for one in known)
        return _MEET[condition.kind](self, template, condition, stage, stay)


def _waits(change: Mapping[str, Any], today: date) -> bool:
    """For a decision, or again for the one that was put off."""
    later: date | None = change.get("on") if change["status"] == "later" else None
    return change["status"] == "waits" or (later is not None and later <= today)


def _risk(one: Registers, _: Template, condition: Any, _stage: str, stay: int) -> bool:
    asked = [
        risk
        for risk in one.risks.values()
        if not risk.get("closed") and risk["category"] in (condition.categories or ("technical",))
    ]
    fresh = any(risk.get("stay") == stay for risk in one.risks.values())
    if condition.assessed and not (fresh and all(risk["score"] for risk in asked)):
        return False
    limit = 99 if condition.max_score is None else condition.max_score
    return all((risk["score"] or 0) <= limit for risk in asked)


def _milestone(one: Registers, _: Template, condition: Any, stage: str, _stay: int) -> bool:
    set_ = list(one.milestones.values())
    if condition.milestone:
        return any(known["key"] == condition.milestone and known["reached"] for known in set_)
    return bool(set_) and all(known["reached"] for known in set_ if known["stage"] == stage)


def _metric(one: Registers, template: Template, condition: Any, _: str, stay: int) -> bool:
    """Whose expression is: not below the target."""
    [spec] = [known for known in template.metrics if known.key == condition.metric]
    target = one.targets.get(spec.key)
    values = one.values.get(spec.key)
    if not values:
        return False
    newest = values[-1]
    assert condition.expr == "value >= target" and spec.target is not None
    reached = newest[1] >= (spec.target if target is None else target)
    return reached and (newest[2] == stay or not condition.each_visit)


def _finding(one: Registers, _: Template, condition: Any, *_more: Any) -> bool:
    return not any(
        not condition.severities or found["severity"] in condition.severities
        for found in one.findings.values()
    )


def _document(one: Registers, _: Template, condition: Any, _stage: str, stay: int) -> bool:
    return any(
        known["kind"] == condition.document and (known["stay"] == stay or not condition.each_visit)
        for known in one.documents.values()
    )


_MEET: dict[str, Callable[[Registers, Template, Any, str, int], bool]] = {
    "risk": _risk,
    "milestone": _milestone,
    "metric": _metric,
    "finding": _finding,
    "document": _document,
}
