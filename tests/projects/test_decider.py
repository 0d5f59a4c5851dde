"""Commands on a project as a whole: what each brings about, and each way in which it is refused."""

from typing import Any
from uuid import UUID

import pytest

from genjin.event import Stamp
from genjin.projects.events import (
    HeaderChanged,
    ProjectClosed,
    ProjectReopened,
    ProjectResumed,
    ProjectSuspended,
    RoleReleased,
)
from genjin.stages.events import AdvanceRefused, StageAdvanced, StageEntered
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.projects import closing, decider
from genjin_api.projects.closing import CloseProject, ReopenProject
from genjin_api.projects.decider import (
    AssignRole,
    ChangeHeader,
    CreateProject,
    ResumeProject,
    SuspendProject,
)
from genjin_api.projects.evolving import evolve
from genjin_api.refusal import Refusal
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    MARKETER,
    MOMENT,
    OUTSIDER,
    OWNER,
    PROJECT_ID,
    START,
    TEMPLATE,
    created,
    given,
    holds,
)
from tests.stages.telling import judge

LOST = ProjectClosed(outcome="lost", reason_code="price", reason="", receipt=None)
SUSPENDED = ProjectSuspended(reason="客户推迟", until=None)


def _create(**header: str) -> Decision:
    return decider.create(CreateProject(code="XM-1", header=header), TEMPLATE, "hash")


def _patch(header: dict[str, str | None], caller: Caller = MARKETER) -> Any:
    command = ChangeHeader(header=header)
    return lambda project: decider.change_header(project, TEMPLATE, command, caller)


def _assign(role: str, person_id: UUID, name: str | None, caller: Caller = MARKETER) -> Any:
    command = AssignRole(role=role, person_id=person_id)
    return lambda project: decider.assign_role(project, TEMPLATE, command, name, caller)


def _release(role: str, person_id: UUID, caller: Caller = MARKETER) -> Any:
    return lambda project: decider.release_role(project, TEMPLATE, role, person_id, "调岗", caller)


def _suspend(caller: Caller = MARKETER) -> Any:
    return lambda project: decider.suspend(
        project, TEMPLATE, SuspendProject(reason="客户推迟"), caller
    )


def _resume(caller: Caller = MARKETER) -> Any:
    return lambda project: decider.resume(project, TEMPLATE, ResumeProject(note="已批复"), caller)


def _close(caller: Caller = MARKETER, **command: Any) -> Any:
    return lambda project: closing.close(project, TEMPLATE, CloseProject(**command), caller, MOMENT)


def _reopen(to_stage: str = "initiation", caller: Caller = MARKETER) -> Any:
    command = ReopenProject(reason="客户重新招标", to_stage=to_stage)
    return lambda project: closing.reopen(project, TEMPLATE, command, caller)


def _entered(stage: str, visit: int, from_stage: str) -> list[Any]:
    advanced = StageAdvanced(stage=from_stage, visit=1, to_stage=stage, receipt={})
    return [advanced, StageEntered(stage=stage, visit=visit, from_stage=from_stage)]


AT_THE_LAST_STAGE = [*A_PROJECT, *_entered("signing", 1, "initiation")]


def test_a_new_project_is_pinned_to_its_template_and_enters_the_first_stage() -> None:
    decision = _create(
        name="某项目", expected_amount="1250000.00", expected_signing_on="2026-12-01"
    )
    assert isinstance(decision, Decided)
    project, entered = decision.facts
    assert project.template.body_hash == "hash"  # type: ignore[attr-defined]
    assert entered == StageEntered(stage="initiation", visit=1, from_stage=None)


@pytest.mark.parametrize(
    ("header", "pointer"),
    [
        ({}, "/header/name"),
        ({"name": "  "}, "/header/name"),
        ({"name": "某" * 201}, "/header/name"),
        ({"name": "某项目", "rival": "甲公司"}, "/header/rival"),
        ({"name": "某项目", "a/b~c": "甲公司"}, "/header/a~1b~0c"),
        ({"name": "某项目", "expected_amount": "1,250"}, "/header/expected_amount"),
        ({"name": "某项目", "expected_amount": " "}, "/header/expected_amount"),
        ({"name": "某项目", "expected_amount": "1e5"}, "/header/expected_amount"),
        ({"name": "某项目", "expected_amount": "NaN"}, "/header/expected_amount"),
        ({"name": "某项目", "expected_amount": "-0.01"}, "/header/expected_amount"),
        ({"name": "某项目", "currency": "cny"}, "/header/currency"),
        ({"name": "某项目", "expected_signing_on": "2026-13-01"}, "/header/expected_signing_on"),
        ({"name": "某项目", "expected_signing_on": "2026-W10-1"}, "/header/expected_signing_on"),
    ],
)
def test_a_header_that_does_not_fit_the_template_is_refused_by_field(
    header: dict[str, str], pointer: str
) -> None:
    decision = _create(**header)
    assert isinstance(decision, Refusal)
    assert (decision.code, [error.pointer for error in decision.errors]) == (
        "field_invalid",
        [pointer],
    )


def test_a_header_change_holds_the_changed_fields_alone_and_null_takes_one_away() -> None:
    story = given(created(region="天津", customer="某集团"))
    patch = _patch({"name": "某项目", "region": "河北", "customer": None})
    story.when(patch).then(HeaderChanged(header={"region": "河北", "customer": None}), role=None)
    story.did(MARKETER, patch)
    assert story.now.header == {"name": "某项目", "region": "河北"}
    story.when(patch).then_nothing()


def test_a_change_of_the_header_makes_what_was_judged_before_it_stale() -> None:
    story = given(A_PROJECT)
    story.did(DEPT_HEAD, judge("dept_head"))
    changed = HeaderChanged(header={"region": "河北"}, facts_version=1)
    story.when(_patch({"region": "河北"})).then(changed, role="marketer")
    story.did(MARKETER, _patch({"region": "河北"}))
    [judgement] = story.now.course.current.judgements.values()
    assert story.now.course.current.is_stale(judgement)


def test_a_required_header_field_cannot_be_taken_away() -> None:
    given(A_PROJECT).when(_patch({"name": None})).refused("field_invalid", "/header/name")


def test_the_workspaces_owner_and_whoever_created_the_project_look_after_it_without_a_role() -> (
    None
):
    story = given(created())
    for caller in (OWNER, MARKETER):
        assigned = holds("dept_head", DEPT_HEAD)
        story.when(_assign("dept_head", DEPT_HEAD.person_id, DEPT_HEAD.name, caller)).then(
            assigned, role=None
        )
    story.when(_assign("dept_head", OUTSIDER.person_id, "吴外", OUTSIDER)).refused(
        "role_not_allowed"
    )


def test_a_role_is_given_once_to_a_known_person_and_only_if_the_template_has_it() -> None:
    story = given(A_PROJECT)
    story.when(_assign("dept_head", DEPT_HEAD.person_id, "李强")).refused("role_already_held")
    story.when(_assign("dept_head", OUTSIDER.person_id, None)).refused(
        "unknown_person", "/person_id"
    )
    story.when(_assign("captain", OUTSIDER.person_id, "吴外")).refused("field_invalid", "/role")


def test_a_released_role_is_held_no_more() -> None:
    story = given(A_PROJECT)
    released = RoleReleased(role="dept_head", person_id=DEPT_HEAD.person_id, reason="调岗")
    story.when(_release("dept_head", DEPT_HEAD.person_id)).then(released)
    story.did(MARKETER, _release("dept_head", DEPT_HEAD.person_id))
    assert "dept_head" not in story.now.role_holders
    story.when(_release("dept_head", DEPT_HEAD.person_id)).refused("not_found")


def test_a_suspended_project_resumes() -> None:
    story = given(A_PROJECT)
    story.when(_resume()).refused("project_not_suspended")
    story.when(_suspend()).then(SUSPENDED)
    story.did(MARKETER, _suspend())
    story.when(_suspend()).refused("project_suspended")
    story.when(_resume()).then(ProjectResumed(note="已批复"))


def test_a_loss_names_one_of_the_templates_reasons() -> None:
    story = given(A_PROJECT)
    story.when(_close(outcome="lost", reason_code="price")).then(LOST)
    story.when(_close(outcome="lost", reason="太贵")).refused("reason_required", "/reason_code")
    story.when(_close(outcome="lost", reason_code="luck")).refused("field_invalid", "/reason_code")


def test_a_cancellation_needs_words_and_takes_no_reason_code() -> None:
    story = given(A_PROJECT)
    cancelled = ProjectClosed(outcome="cancelled", reason_code=None, reason="撤项", receipt=None)
    story.when(_close(outcome="cancelled", reason="撤项")).then(cancelled)
    story.when(_close(outcome="cancelled")).refused("reason_required", "/reason")
    story.when(_close(outcome="cancelled", reason_code="price", reason="撤项")).refused(
        "field_invalid", "/reason_code"
    )


def test_an_outcome_that_the_template_does_not_have_is_refused() -> None:
    given(A_PROJECT).when(_close(outcome="merged")).refused("field_invalid", "/outcome")


def test_a_suspended_project_can_be_lost_but_not_won() -> None:
    story = given(A_PROJECT, SUSPENDED)
    story.when(_close(outcome="lost", reason_code="price")).then(LOST)
    story.when(_close(outcome="won")).refused("project_suspended")


def test_a_win_is_possible_through_the_last_gate_alone_and_a_closed_one_is_recorded() -> None:
    given(A_PROJECT).when(_close(outcome="won")).refused("not_at_final_gate")
    refusal = given(AT_THE_LAST_STAGE).when(_close(outcome="won")).refused("gate_closed")
    [fact] = refusal.facts
    assert isinstance(fact, AdvanceRefused)
    assert fact.blockers == list(refusal.blockers)
    assert {blocker["code"] for blocker in refusal.blockers} >= {"actual_missing"}
    assert refusal.role == "marketer"


def test_a_reopened_project_enters_a_stage_where_it_has_been_as_a_new_visit() -> None:
    story = given(A_PROJECT, _entered("contact", 1, "initiation"), LOST)
    story.when(_reopen("initiation")).then(
        ProjectReopened(to_stage="initiation", visit=2, reason="客户重新招标"),
        StageEntered(stage="initiation", visit=2, from_stage="contact"),
    )
    story.when(_reopen("proposal")).refused("field_invalid", "/to_stage")
    story.did(MARKETER, _reopen("contact"))
    assert (story.now.status, story.now.closing) == ("open", None)
    assert (story.now.course.current.stage, story.now.course.current.number) == ("contact", 2)
    story.when(_reopen("contact")).refused("project_not_closed")


COMMANDS = {
    "change_header": _patch({"region": "河北"}, OUTSIDER),
    "assign_role": _assign("dept_head", OUTSIDER.person_id, "吴外", OUTSIDER),
    "release_role": _release("dept_head", DEPT_HEAD.person_id, OUTSIDER),
    "suspend": _suspend(OUTSIDER),
    "resume": _resume(OUTSIDER),
    "close": _close(OUTSIDER, outcome="lost", reason_code="price"),
}


@pytest.mark.parametrize("name", [*COMMANDS, "reopen"])
def test_who_holds_no_role_in_a_project_does_nothing_to_it(name: str) -> None:
    given(A_PROJECT).when(COMMANDS.get(name, _reopen(caller=OUTSIDER))).refused("role_not_allowed")


@pytest.mark.parametrize("name", COMMANDS)
def test_a_closed_project_takes_nothing_but_its_reopening(name: str) -> None:
    given(A_PROJECT, LOST).when(COMMANDS[name]).refused("project_closed")


def test_a_late_entry_does_not_put_back_when_the_project_was_last_touched() -> None:
    before = given(A_PROJECT).now
    late = Stamp(UUID(int=99), PROJECT_ID, before.version + 1, START, MARKETER.actor("marketer"))
    after = evolve(before, SUSPENDED, late)
    assert after.suspension is not None
    assert (after.version, after.suspension.since) == (before.version + 1, START)
    assert after.updated_at == before.updated_at > START
