"""Moving a project to a template version that has other stages, or forbids what people hold."""

from typing import Any
from uuid import UUID

from genjin.changes.events import ChangeRaised
from genjin.engagements.events import EngagementJoined, EngagementLeft, ProjectLinked
from genjin.milestones.events import MilestoneSet
from genjin.projects.events import RoleAssigned
from genjin.stages.events import FollowUpSet
from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from genjin_api.acting import Decided
from genjin_api.projects import closing, migrating
from genjin_api.stages import moves
from genjin_api.templates.impact import Impact, impact
from tests.specification import (
    GENERAL_MANAGER,
    MARKETER,
    MOMENT,
    OWNER,
    TOMORROW,
    YESTERDAY,
    Story,
)
from tests.stages.rich_telling import advance, begun, blockers, ready, stage_of
from tests.stages.telling import Decide
from tests.templates.rich import RICH, rich_with, stage
from tests.templates.test_model import text, titled

# What waits for the first stage: a follow-up that is overdue, a change that nobody decided, a milestone.
WAITING = [
    FollowUpSet(
        follow_up_id=UUID(int=0xF0),
        stage="first",
        visit=1,
        role="seller",
        action="约见",
        owner_id=MARKETER.person_id,
        owner_name="王芳",
        due_on=YESTERDAY,
    ),
    ChangeRaised(
        change_id=UUID(int=0xC0),
        requirement_id=UUID(int=0xD0),
        base_revision=1,
        title="提高能力",
        reason="人口上调",
        proposed_title="能力",
        proposed_text="三十万吨",
        stages=["first", "last"],
        requested_by="王工",
    ),
    MilestoneSet(
        milestone_id=UUID(int=0xE0), key=None, title="交付", due_on=TOMORROW, stage="first"
    ),
]


def migrate(target: Template, pinned: Template = RICH, **command: dict[str, str]) -> Decide:
    migrating_ = migrating.MigrateProject.model_validate({"reason": "改版", **command})
    hashed = body_hash(target)
    return lambda project: migrating.migrate(project, pinned, target, hashed, migrating_, OWNER)


def test_whoever_holds_a_role_of_the_project_does_not_move_it_to_another_version() -> None:
    target, command = rich_with(version=2), migrating.MigrateProject(reason="改版")
    story, hashed = begun(), body_hash(target)
    story.when(
        lambda project: migrating.migrate(project, RICH, target, hashed, command, GENERAL_MANAGER)
    ).refused("role_not_allowed")


def holders(story: Story, role: str) -> set[str]:
    return {holder.person_name for holder in story.now.role_holders.get(role, ())}


def test_two_roles_that_become_one_have_the_holders_of_both() -> None:
    story = begun()
    target = rich_with(version=2)
    story.did(OWNER, migrate(target, roles={"clerk": "seller"}))
    assert holders(story, "seller") == {"王芳", "李强"}
    assert holders(story, "clerk") == set()


def test_a_version_with_one_holder_of_a_role_takes_no_two() -> None:
    target = rich_with(version=2)
    begun().when(migrate(target, roles={"clerk": "boss"})).refused("mapping_incomplete", "/roles")


def test_a_version_that_forbids_two_roles_takes_nobody_who_holds_both() -> None:
    story = begun()
    both = RoleAssigned(role="clerk", person_id=MARKETER.person_id, person_name=MARKETER.name)
    story.tell(OWNER, [both])
    target = rich_with(version=2, never_both=[["seller", "clerk"]])
    story.when(migrate(target)).refused("mapping_incomplete", "/roles")


def test_a_project_is_not_reopened_in_a_stage_that_its_version_has_no_more() -> None:
    story = begun()
    begin = stage("begin", {"to": "last"})
    target = rich_with(
        version=2, stages=[begin, stage("last")], roles=titled("seller", "boss", "clerk", "auditor")
    )
    story.did(OWNER, migrate(target, stages={"first": "begin"}))
    lost = closing.CloseProject(outcome="lost")
    story.did(
        GENERAL_MANAGER,
        lambda project: closing.close(project, target, lost, GENERAL_MANAGER, MOMENT),
    )
    again = closing.ReopenProject(reason="业主重新邀请", to_stage="first")
    story.when(lambda project: closing.reopen(project, target, again, MARKETER)).refused(
        "field_invalid", "/to_stage"
    )


def test_what_an_engagement_groups_does_not_become_one_and_one_that_groups_stays_one() -> None:
    joined = EngagementJoined(
        engagement_id=UUID(int=0xF1), engagement_code="YW-1", origin="grouped", reason="定制"
    )
    left = EngagementLeft(engagement_id=joined.engagement_id, reason="转由他人")
    target = rich_with(version=2).model_copy(update={"kind": "engagement"})
    story = begun()
    story.tell(OWNER, [joined])
    story.when(migrate(target)).refused("engagement_nested")
    story.did(OWNER, migrate(rich_with(version=3)))
    story.tell(OWNER, [left])
    story.did(OWNER, migrate(target))
    linked = ProjectLinked(
        project_id=UUID(int=0xF2), project_code="XM-2", origin="grouped", reason="定制"
    )
    story.tell(OWNER, [linked])
    story.when(migrate(rich_with(version=4))).refused("not_an_engagement")


ROLES = titled("seller", "boss", "clerk", "auditor")


def line(*keys: str, version: int = 2, **more: Any) -> Template:
    """One stage after the other."""
    ways = [[{"to": further}] for further in keys[1:]] + [[]]
    stages = [stage(key, *exits, **more) for key, exits in zip(keys, ways, strict=True)]
    return rich_with(version=version, stages=stages, roles=ROLES)


def test_an_active_stage_is_mapped_no_further_than_the_passed_gates_lead() -> None:
    story, target = begun(), line("begin", "plan", "last")
    refusal = story.when(migrate(target, stages={"first": "last"})).refused(
        "mapping_incomplete", "/stages/first"
    )
    assert refusal.errors[0].detail.endswith("has not passed: begin, plan")
    story.when(migrate(target, stages={"first": "plan"})).refused(
        "mapping_incomplete", "/stages/first"
    )
    story.did(OWNER, migrate(target, stages={"first": "begin"}))
    assert stage_of(story) == "begin"
    assert [one.left_to for one in story.now.course.visits.values()] == ["begin", None]


def test_a_stage_that_the_new_version_has_keeps_its_key() -> None:
    story, same = begun(), rich_with(version=2)
    for old, new in (("first", "last"), ("small", "big")):
        story.when(migrate(same, stages={old: new})).refused("mapping_incomplete", f"/stages/{old}")
    story.did(OWNER, migrate(same, stages={"first": "first"}))
    assert [one.left_by for one in story.now.course.visits.values()] == [None]


def test_passed_stages_count_by_their_new_keys_and_a_return_takes_them_back() -> None:
    story, target = ready(), line("begin", "middle", "end")
    story.did(MARKETER, advance())
    on_from_small = {"first": "begin", "small": "middle"}
    story.when(migrate(target, stages={"small": "middle"})).refused(
        "mapping_incomplete", "/stages/small"
    )
    story.when(migrate(target, stages=on_from_small | {"small": "end"})).refused(
        "mapping_incomplete", "/stages/small"
    )
    story.did(OWNER, migrate(target, stages=on_from_small))
    third = line("begin", "later", version=3)
    assert isinstance(migrate(third, target, stages={"middle": "later"})(story.now), Decided)
    back = moves.ReturnStage(to_stage="begin", reason="方案需重做")
    story.did(MARKETER, lambda project: moves.return_to(project, target, back, MARKETER))
    again = line("start", "later", version=4)
    story.when(migrate(again, target, stages={"begin": "later"})).refused(
        "mapping_incomplete", "/stages/begin"
    )


def test_what_was_set_for_a_stage_blocks_under_its_new_key() -> None:
    """Nothing that stood in the way of the project is lost by the new name."""
    milestone = {"key": "built", "kind": "milestone", "text": text("built")}
    old = line("first", "last", version=1, conditions=[milestone])
    new = line("begin", "last", conditions=[milestone])
    story = begun(old)
    story.tell(MARKETER, WAITING)
    before = blockers(story, old)
    assert {"follow_up_overdue", "change_undecided", "milestone_open"} <= {one for one, _ in before}
    command = migrating.MigrateProject(reason="改版", stages={"first": "begin"})
    found = impact(story.now, old, new, command, OWNER, MOMENT)
    assert isinstance(found, Impact) and (found.blockers, found.vanishing) == ([], [])
    story.did(OWNER, migrate(new, old, stages={"first": "begin"}))
    renamed = {(code, {"first": "begin"}.get(one, one)) for code, one in before}
    assert blockers(story, new) == renamed
    assert story.refold() == story.now


def test_a_migration_tells_first_which_blockers_it_makes_vanish() -> None:
    story, lax = begun(), line("first", "last")
    found = impact(story.now, RICH, lax, migrating.MigrateProject(reason="改版"), OWNER, MOMENT)
    assert isinstance(found, Impact)
    assert {one["subject"] for one in found.vanishing} == {"c1", "plan", "safe"}
    assert found.blockers == []
