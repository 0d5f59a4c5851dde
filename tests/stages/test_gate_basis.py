"""What the checks of a gate rest on, worked out a second way: had an event that a check does not name said something
else, or had it not been, the check would be the same.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from genjin.changes.events import ChangeApplied, ChangeDecided
from genjin.documents.events import DocumentWithdrawn
from genjin.event import Fact, Stamp
from genjin.findings.events import FindingRaised
from genjin.metrics.events import MetricRecorded, MetricTargetSet
from genjin.milestones.events import MilestoneRescheduled, MilestoneSet
from genjin.projects.events import RoleAssigned, RoleReleased, TemplateMigrated, TemplateReference
from genjin.risks.events import RiskAssessed, RiskIdentified, RiskReopened
from genjin.stages.events import ConditionApproved
from genjin_api.projects.evolving import evolve
from genjin_api.projects.state import Project
from genjin_api.stages.gate import gate
from genjin_api.stages.gate.check import Check
from genjin_api.stages.gate.values import Values
from tests.changes import test_decider as changes
from tests.documents.test_decider import ATTACHED
from tests.documents.test_gate import CONTRACT
from tests.findings import test_decider as findings
from tests.metrics import test_decider as metrics
from tests.milestones import test_decider as milestones
from tests.risks import test_decider as risks
from tests.small_template import SMALL, small_template
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, MOMENT, PROJECT_ID, Story, given
from tests.templates.test_model import titled

LATER = timedelta(days=9)
EXPRESSIONS = (
    "risks.all(one, one.answered || one.status == 'closed')",
    "changes.all(one, one.status == 'applied')",
    "findings.all(one, one.severity == 'minor' || one.status == 'closed')",
    "has(roles.marketer) && roles.marketer > 1",
)
TEMPLATE = small_template(
    {"key": "assessed", "kind": "risk", "assessed": True},
    {"key": "technical", "kind": "risk", "max_score": 5, "categories": ["technical"]},
    {"key": "changes", "kind": "change"},
    {"key": "delivery", "kind": "milestone", "milestone": "delivery"},
    {"key": "milestones", "kind": "milestone"},
    {"key": "major", "kind": "finding", "severities": ["major"]},
    {"key": "findings", "kind": "finding"},
    {"key": "contract", "kind": "document", "document": "contract"},
    {"key": "metric", "kind": "metric", "metric": "satisfaction", "expr": "value >= target"},
    {"key": "agreed", "kind": "approval", "by": ["dept_head", "general_manager"], "mode": "all"},
    *(
        {"key": f"says{number}", "kind": "field", "expr": expression}
        for number, expression in enumerate(EXPRESSIONS)
    ),
    documents=titled("contract"),
)


def assessed(score: int) -> RiskAssessed:
    return risks.ASSESSED.model_copy(update={"probability": 1, "impact": score, "score": score})


def decided(decision: Any) -> ChangeDecided:
    return ChangeDecided(
        change_id=changes.ID, decision=decision, comment="", conditions=[], review_on=MOMENT.today
    )


def approved(role: str, *, yes: bool) -> ConditionApproved:
    said = {"stage": "initiation", "visit": 1, "condition": "agreed", "facts_version": 0}
    said |= {"role": role, "approved": yes, "comment": "", "revisions": {}}
    return ConditionApproved.model_validate(said)


_REOPENED = RiskReopened(
    risk_id=risks.ID, cause_project_id=PROJECT_ID, cause_risk_id=risks.ID, description="又涨"
)
_MOVED = MilestoneRescheduled(
    milestone_id=milestones.ID, due_on=milestones.OWN.due_on + LATER, reason="停电"
)
_DELIVERY = milestones.DELIVERY.model_copy(update={"milestone_id": milestones.OTHER})
_HELD = RoleAssigned(role="marketer", person_id=DEPT_HEAD.person_id, person_name="李强")
_RELEASED = RoleReleased(role="marketer", person_id=DEPT_HEAD.person_id, reason="调岗")
_WITHDRAWN = DocumentWithdrawn(document_id=CONTRACT.document_id, reason="作废")

# Of each entry, the orders in which people may say such things of it.
_COURSES: tuple[tuple[Fact, ...], ...] = (
    (risks.IDENTIFIED, assessed(2), assessed(12), risks.CLOSURE, _REOPENED),
    (risks.IDENTIFIED, assessed(12), risks.PLANNED, assessed(6), assessed(20), risks.PLANNED),
    (risks.IDENTIFIED, assessed(20), risks.PLANNED, assessed(12), risks.CLOSURE, _REOPENED),
    (changes.RAISED, changes.SUBMITTED, decided("defer"), changes.SUBMITTED, decided("approve")),
    (changes.RAISED, changes.SUBMITTED, decided("approve"), ChangeApplied(change_id=changes.ID)),
    (changes.RAISED, changes.SUBMITTED, changes.WITHDRAWN),
    (milestones.OWN, _MOVED, milestones.DROPPED),
    (milestones.DELIVERY, _MOVED, milestones.REACHED),
    (findings.RAISED, findings.CORRECTED, findings.REJECTED, findings.CORRECTED, findings.SETTLED),
    (CONTRACT, _WITHDRAWN),
    (ATTACHED.model_copy(update={"document_id": CONTRACT.document_id}), _WITHDRAWN),
    (metrics.RECORDED, metrics.TARGET),
    (metrics.TARGET, metrics.RECORDED.model_copy(update={"on": MOMENT.today - LATER})),
    (approved("dept_head", yes=False), approved("dept_head", yes=True)),
    (approved("general_manager", yes=True),),
    (_HELD, _RELEASED, _HELD),
    (risks.IDENTIFIED, assessed(20), risks.PLANNED, _REOPENED, risks.PLANNED, assessed(12)),
    (risks.IDENTIFIED, _REOPENED, assessed(2)),
)
_VARIED: dict[type[Fact], dict[str, tuple[Any, ...]]] = {
    RiskIdentified: {"category": ("cost", "technical")},
    FindingRaised: {"severity": ("major", "minor")},
    MilestoneSet: {"stage": ("initiation", "contact", None)},
}
_IDS = ("risk_id", "change_id", "milestone_id", "finding_id", "document_id")


@st.composite
def histories(draw: st.DrawFn) -> Story:
    """Entries that each go some way of a course, their facts mixed; two of a register are told apart by their ids."""
    chosen = draw(st.lists(st.sampled_from(_COURSES), min_size=2, max_size=7))
    waiting = [
        [
            _of_entry(draw, fact, 0x100 + entry)
            for fact in course[: draw(st.integers(1, len(course)))]
        ]
        for entry, course in enumerate(chosen)
    ]
    story = given(A_PROJECT)
    while any(waiting):
        course = draw(st.sampled_from([one for one in waiting if one]))
        story.tell(MARKETER, [course.pop(0)])
    return story


def _of_entry(draw: st.DrawFn, fact: Fact, entry: int) -> Fact:
    said = {name: UUID(int=entry) for name in _IDS if name in type(fact).model_fields}
    for name, values in _VARIED.get(type(fact), {}).items():
        said[name] = draw(st.sampled_from(values))
    return fact.model_copy(update=said)


def _otherwise(fact: Fact) -> Iterator[Fact | None]:
    """The same event, had it said something else; None: had it not been."""
    match fact:
        case RiskIdentified():
            yield fact.model_copy(update={"category": "technical"})
            yield fact.model_copy(update={"category": "cost"})
        case RiskAssessed():
            for score in (1, 12, 25):
                yield fact.model_copy(update={"score": score})
        case MilestoneSet():
            yield fact.model_copy(update={"due_on": fact.due_on + LATER})
            yield fact.model_copy(update={"stage": "initiation"})
            yield fact.model_copy(update={"stage": "contact"})
        case FindingRaised():
            yield fact.model_copy(update={"severity": "minor"})
            yield fact.model_copy(update={"severity": "major"})
        case MetricRecorded():
            yield fact.model_copy(update={"value": fact.value - 50})
        case MetricTargetSet():
            yield fact.model_copy(update={"target": 10.0})
        case ChangeDecided():
            yield fact.model_copy(update={"decision": "reject"})
            yield fact.model_copy(update={"decision": "approve"})
        case _ if fact.type.endswith((".raised", ".attached", "project.created", ".entered")):
            return
        case _:
            yield None


def _found(told: Sequence[tuple[Fact | None, Stamp]]) -> dict[tuple[str, str], Check]:
    project: Project | None = None
    for fact, stamp in told:
        if fact is not None:
            project = evolve(project, fact, stamp)  # type: ignore[arg-type]  # of a project's stream
    assert project is not None
    checks = gate(project, TEMPLATE, MOMENT).checks
    return {(one.code, one.subject): one for one in checks}


@settings(max_examples=80, derandomize=True, database=None, deadline=None)
@drawn(histories())
def test_what_a_check_does_not_name_may_have_been_said_otherwise(story: Story) -> None:
    found = _found(story.told)
    for place, (fact, stamp) in enumerate(story.told):
        for other in _otherwise(fact):
            told: list[tuple[Fact | None, Stamp]] = list(story.told)
            told[place] = other, stamp
            for name, check in _found(told).items():
                known = found.get(name)
                same = known and (known.passed, known.value) == (check.passed, check.value)
                assert same or (known and stamp.event_id in known.events), (name, fact, other)


def _named(story: Story, code: str, subject: str) -> list[int]:
    """The events of a check by their versions, counted from the beginning of the project's own work."""
    first = len(A_PROJECT)
    return [event.int - first - 1 for event in _found(story.told)[code, subject].events]


def test_a_check_names_no_event_that_says_nothing_of_what_it_reads() -> None:
    for facts, code, subject, named in (
        (_COURSES[0][:3], "risk_unanswered", str(risks.ID), [0, 2]),
        (_COURSES[0], "risk_unanswered", str(risks.ID), [0, 2, 4]),
        (_COURSES[1][:5], "risk_unanswered", str(risks.ID), [0, 1, 2, 4]),
        (_COURSES[1], "condition_not_met", "assessed", [0, 4]),
        (_COURSES[1], "condition_not_met", "technical", [0]),
        ((changes.RAISED, changes.ASSESSED), "change_undecided", str(changes.ID), [0]),
        (_COURSES[3], "change_undecided", "changes", [0, 3, 4]),
        ((milestones.OWN, _MOVED, _DELIVERY), "milestone_open", "milestones", [0, 2]),
        (_COURSES[8], "finding_open", "major", [0, 4]),
        ((findings.RAISED.model_copy(update={"severity": "minor"}), findings.CORRECTED),
         "finding_open", "major", [0]),
        ((ATTACHED, _WITHDRAWN), "document_missing", "contract", []),
        ((metrics.TARGET,), "metric_out_of_band", "metric", [0]),
        (_COURSES[13], "approval_missing", "agreed", [1]),
    ):  # fmt: skip
        assert _named(given(A_PROJECT, facts), code, subject) == named, (code, subject, facts)


def test_the_roles_that_a_migration_makes_one_rest_on_what_was_said_of_either() -> None:
    def holders(expression: str) -> list[int]:
        found = Values(story.now, SMALL, MOMENT).events_of(expression)
        return [event.int - len(A_PROJECT) - 1 for event in found]

    other = _HELD.model_copy(update={"role": "adviser"})
    story = given(A_PROJECT, other, _HELD, _RELEASED)
    assert holders("has(roles.adviser)") == [0]
    assert holders("'adviser' in ['adviser'] && today > ''") == []
    reference = TemplateReference(key="pursuit.8", version=2, body_hash="0" * 64)
    migrated = TemplateMigrated(
        from_template=story.now.template, to_template=reference, stages={}, reason="",
        roles={"adviser": "marketer"}, facts_version=1,
    )  # fmt: skip
    story.tell(MARKETER, [migrated])
    assert holders("has(roles.adviser)") == []
    assert holders("has(roles.marketer)")[-1] == 2
