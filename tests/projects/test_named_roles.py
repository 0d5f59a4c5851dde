"""What a template names roles for is theirs alone: to fill a form in, to return, to reopen, to end, to set a target."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from genjin.documents.events import DocumentAttached
from genjin.forms.events import FormDrafted
from genjin.templates.catalog import latest
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.documents import decider as documents
from genjin_api.documents.decider import AttachDocument, StoredFile, WithdrawDocument
from genjin_api.forms import decider as forms
from genjin_api.forms.decider import SaveForm
from genjin_api.metrics import decider as metrics
from genjin_api.metrics.decider import SetTarget
from genjin_api.projects import closing
from genjin_api.projects.closing import CloseProject, ReopenProject
from genjin_api.projects.decider import AssignRole, assign_role
from genjin_api.projects.state import Project
from genjin_api.stages import moves
from genjin_api.stages.moves import ReturnStage
from tests.projects.test_decider import AT_THE_LAST_STAGE, LOST
from tests.small_template import small_template
from tests.specification import (
    A_PROJECT,
    HOLDERS,
    MOMENT,
    OUTSIDER,
    OWNER,
    TEMPLATE,
    Story,
    given,
    holds,
    sealed,
)
from tests.specification import DEPT_HEAD as EXPERT
from tests.specification import GENERAL_MANAGER as OFFICE
from tests.specification import MARKETER as PRODUCER

FILE = StoredFile("a" * 64, 1234, "application/pdf")
DOCUMENT = UUID(int=0xD)
Decide = Callable[[Project, Caller], Decision]


def _changed(**changes: Any) -> Any:
    """pursuit.8 with something named; stage and outcome are of the last stage and of a lost project."""
    last = TEMPLATE.stages[-1].model_copy(update={"return_by": changes.get("return_by", ())})
    lost = [
        one.model_copy(update={"by": changes.get("lost_by", ())}) if one.key == "lost" else one
        for one in TEMPLATE.outcomes
    ]
    named = {"stages": (*TEMPLATE.stages[:-1], last), "outcomes": tuple(lost)}
    return TEMPLATE.model_copy(update={**named, "reopen_by": changes.get("reopen_by", ())})


def _allowed(story: Story, decide: Decide) -> Mapping[str, str | None]:
    """Of the four roles those whose holder is not refused, each with the role that the facts are marked with."""
    decided = {role: sealed(decide(story.now, who)) for role, who in HOLDERS.items()}
    for role, decision in decided.items():
        assert isinstance(decision, Decided) or decision.code == "role_not_allowed", role
    return {role: one.role for role, one in decided.items() if isinstance(one, Decided)}


def test_returning_reopening_ending_and_setting_targets_are_of_those_whom_the_template_names() -> (
    None
):
    by = ("sales_manager", "general_manager")
    template = _changed(return_by=by, reopen_by=by, lost_by=by)
    [satisfaction, overrun] = small_template().model_dump()["metrics"]
    small = small_template(metrics=[{**satisfaction, "target_by": by}, overrun])
    back = ReturnStage(to_stage="initiation", reason="工艺变了")
    again = ReopenProject(to_stage="initiation", reason="重新邀请")
    end = CloseProject(outcome="lost", reason_code="price")
    target = SetTarget(target=90.0, reason="合同")

    def returns(project: Project, who: Caller) -> Decision:
        return moves.return_to(project, template, back, who)

    def reopens(project: Project, who: Caller) -> Decision:
        return closing.reopen(project, template, again, who)

    def ends(project: Project, who: Caller) -> Decision:
        return closing.close(project, template, end, who, MOMENT)

    def aims(project: Project, who: Caller) -> Decision:
        return metrics.set_target(project, small, "satisfaction", target, who)

    themselves = {role: role for role in by}
    assert _allowed(given(AT_THE_LAST_STAGE), returns) == themselves
    assert _allowed(given(A_PROJECT, LOST), reopens) == themselves
    assert _allowed(given(A_PROJECT), ends) == themselves
    assert _allowed(given(A_PROJECT), aims) == themselves
    template, small = _changed(), small_template()
    for story, free in ((given(AT_THE_LAST_STAGE), returns), (given(A_PROJECT), aims)):
        assert _allowed(story, free) == {role: role for role in HOLDERS}


def test_a_producer_writes_neither_the_criteria_nor_the_evaluation_nor_what_is_attached_to_it() -> (
    None
):
    template = latest("initiation.acceptance")
    attached = AttachDocument(
        sha256=FILE.sha256, title="报告", file_name="报告.pdf", form="result_evaluation"
    )
    draft = FormDrafted(
        form="result_evaluation",
        copy_number=1,
        revision=1,
        values={},
        restricted=False,
        subjects={},
        own_subject=None,
    )
    kept = DocumentAttached(
        document_id=DOCUMENT,
        document=None,
        form="result_evaluation",
        copy_number=1,
        title="报告",
        file_name="报告.pdf",
        media_type=FILE.media_type,
        size=FILE.size,
        sha256=FILE.sha256,
    )
    story = given(
        A_PROJECT,
        holds("responsible", PRODUCER),
        holds("expert", EXPERT),
        holds("project_management", OFFICE),
        draft,
        kept,
    )
    withdrawal = WithdrawDocument(reason="不全")

    def attaches(project: Project, who: Caller) -> Decision:
        return documents.attach(project, template, attached, UUID(int=1), FILE, who)

    def withdraws(project: Project, who: Caller) -> Decision:
        return documents.withdraw(project, template, DOCUMENT, withdrawal, who)

    for decide in (attaches, withdraws):
        story.when(lambda project, decide=decide: decide(project, PRODUCER)).refused(  # type: ignore[misc]
            "role_not_allowed"
        )
        assert isinstance(decide(story.now, EXPERT), Decided)
    for form in ("acceptance_criteria", "result_evaluation", "result_report"):
        story.when(
            lambda project, form=form: forms.save(  # type: ignore[misc]
                project, template, form, SaveForm(values={}), PRODUCER
            )
        ).refused("role_not_allowed")


def test_owners_give_a_role_that_reopens_in_a_closed_project_and_no_other() -> None:
    """Else nobody could ever reopen one whose roles nobody holds any more."""
    template = _changed(reopen_by=("general_manager",))
    closed = given(A_PROJECT, LOST).now
    for role, who, code in (
        ("general_manager", OWNER, None),
        ("sales_manager", OWNER, "project_closed"),
        ("general_manager", PRODUCER, "project_closed"),
    ):
        command = AssignRole(role=role, person_id=OUTSIDER.person_id)
        decision = sealed(assign_role(closed, template, command, "周杰", who))
        assert (None if isinstance(decision, Decided) else decision.code) == code, (role, who)
