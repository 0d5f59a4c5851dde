"""Commands on audit findings: raised, corrected, checked and closed, each by those whom the template names."""

from typing import Any
from uuid import UUID

import pytest

from genjin.findings.events import (
    FindingClosed,
    FindingCorrected,
    FindingRaised,
    FindingRejected,
)
from genjin_api.acting import Caller
from genjin_api.findings import decider
from genjin_api.findings.state import Finding
from tests.requirements.test_decider import CLOSED
from tests.small_template import SMALL, small_template
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    OUTSIDER,
    SALES_MANAGER,
    TOMORROW,
    Story,
    by,
    given,
)
from tests.stages.telling import Decide

ID = UUID(int=0xBB)
RAISED = FindingRaised(
    finding_id=ID,
    severity="major",
    title="验收记录缺失",
    description="底板钢筋隐蔽验收无监理签字",
    stage="initiation",
    visit=1,
    due_on=TOMORROW,
    responsible_id=MARKETER.person_id,
    responsible_name="王芳",
)
CORRECTED = FindingCorrected(finding_id=ID, measures="已补测")
REJECTED = FindingRejected(finding_id=ID, reason="日期不符")
SETTLED = FindingClosed(finding_id=ID, reason="复核属实")


def raise_(
    caller: Caller = DEPT_HEAD, name: str | None = "王芳", template: Any = SMALL, **more: Any
) -> Decide:
    left_out = {"finding_id", "stage", "visit", "responsible_name"}
    fields = RAISED.model_dump(mode="json", exclude=left_out)
    command = decider.RaiseFinding.model_validate({**fields, **more})
    return lambda project: decider.raise_finding(project, template, command, ID, name, caller)


def correct(caller: Caller = MARKETER) -> Decide:
    command = decider.CorrectFinding(measures="已补测")
    return lambda project: decider.correct(project, SMALL, ID, command, caller)


def reject(caller: Caller = DEPT_HEAD) -> Decide:
    command = decider.RejectCorrection(reason="日期不符")
    return lambda project: decider.reject(project, SMALL, ID, command, caller)


def close(caller: Caller = DEPT_HEAD) -> Decide:
    command = decider.CloseFinding(reason="复核属实")
    return lambda project: decider.close(project, SMALL, ID, command, caller)


def finding_of(story: Story) -> Finding:
    return story.now.findings[str(ID)]


def test_a_finding_is_raised_where_the_project_stands_with_a_severity_of_the_template() -> None:
    story = given(A_PROJECT)
    story.when(raise_()).then(RAISED, role="dept_head")
    story.when(raise_(severity="fatal")).refused("field_invalid", "/severity")
    story.when(raise_(MARKETER)).refused("role_not_allowed")


def test_whoever_is_responsible_is_a_known_person_or_nobody() -> None:
    story = given(A_PROJECT)
    story.when(raise_(name=None)).refused("unknown_person", "/responsible_id")
    nobody = {"responsible_id": None, "responsible_name": None}
    story.when(raise_(name=None, responsible_id=None)).then(
        RAISED.model_copy(update=nobody), role="dept_head"
    )


def test_a_process_without_findings_keeps_none() -> None:
    bare = small_template(findings=None)
    given(A_PROJECT).when(raise_(template=bare)).refused("findings_not_kept")


def test_a_project_has_no_more_findings_than_may_be() -> None:
    many = [
        by(DEPT_HEAD, RAISED.model_copy(update={"finding_id": UUID(int=0x1000 + number)}))
        for number in range(decider.FINDINGS_MAX)
    ]
    given(A_PROJECT, many).when(raise_()).refused("limit_reached")
    given(A_PROJECT, many[1:]).when(raise_()).then(RAISED, role="dept_head")


def test_a_finding_is_corrected_by_one_and_closed_by_another() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED))
    story.when(correct(DEPT_HEAD)).refused("role_not_allowed")
    story.when(correct()).then(CORRECTED)
    story.did(MARKETER, correct())
    assert finding_of(story).status == "corrected"
    story.when(close(MARKETER)).refused("role_not_allowed")
    story.when(close()).then(SETTLED, role="dept_head")
    story.did(DEPT_HEAD, close())
    assert (finding_of(story).status, finding_of(story).closing_reason) == ("closed", "复核属实")


def test_whoever_reported_a_finding_corrected_does_not_close_it() -> None:
    """Although the role that they hold may do both."""
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED), by(SALES_MANAGER, CORRECTED))
    story.when(close(SALES_MANAGER)).refused("own_correction")
    story.when(close(DEPT_HEAD)).then(SETTLED, role="dept_head")


def test_after_another_has_corrected_it_anew_the_first_may_close_it() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED), by(SALES_MANAGER, CORRECTED))
    story.did(DEPT_HEAD, reject())
    story.did(MARKETER, correct())
    story.when(close(SALES_MANAGER)).then(SETTLED, role="sales_manager")


def test_a_correction_that_does_not_suffice_opens_the_finding_again() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED), CORRECTED)
    story.when(reject(MARKETER)).refused("role_not_allowed")
    story.when(reject()).then(REJECTED, role="dept_head")
    story.did(DEPT_HEAD, reject())
    finding = finding_of(story)
    assert (finding.status, finding.rejections, finding.rejection_reason) == ("open", 1, "日期不符")
    story.when(close()).refused("finding_not_corrected")
    story.did(MARKETER, correct())


def test_what_was_not_corrected_is_neither_rejected_nor_closed() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED))
    story.when(reject()).refused("finding_not_corrected")
    story.when(close()).refused("finding_not_corrected")


def test_a_finding_is_reported_corrected_once_until_it_is_checked() -> None:
    given(A_PROJECT, by(DEPT_HEAD, RAISED), CORRECTED).when(correct()).refused(
        "finding_already_corrected"
    )


def test_a_closed_finding_stays_closed() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED), CORRECTED, by(DEPT_HEAD, SETTLED))
    for command in (correct(), reject(), close()):
        story.when(command).refused("finding_closed")


def test_a_finding_changes_no_facts_that_judgements_rest_on() -> None:
    story = given(A_PROJECT, by(DEPT_HEAD, RAISED), CORRECTED, by(DEPT_HEAD, SETTLED))
    assert story.now.course == given(A_PROJECT).now.course


EVERY: dict[str, Any] = {"correct": correct, "reject": reject, "close": close}


@pytest.mark.parametrize("name", EVERY)
def test_a_finding_that_nobody_raised_is_not_found(name: str) -> None:
    given(A_PROJECT).when(EVERY[name]()).refused("not_found")


@pytest.mark.parametrize("name", [*EVERY, "raise"])
def test_findings_end_with_the_project_and_are_for_those_whom_the_template_names(
    name: str,
) -> None:
    command, story = EVERY.get(name, raise_), [*A_PROJECT, by(DEPT_HEAD, RAISED)]
    for caller in (OUTSIDER, GENERAL_MANAGER):
        given(story).when(command(caller)).refused("role_not_allowed")
    given(story, CLOSED).when(command()).refused("project_closed")
