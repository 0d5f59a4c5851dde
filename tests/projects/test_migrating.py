"""Moving a project to a template version that has other stages, or forbids what people hold."""

from uuid import UUID

from genjin.engagements.events import EngagementJoined, EngagementLeft, ProjectLinked
from genjin.projects.events import RoleAssigned
from genjin.templates.catalog import body_hash
from genjin.templates.model import Template
from genjin_api.projects import closing, migrating
from tests.specification import GENERAL_MANAGER, MARKETER, MOMENT, OWNER, Story
from tests.stages.rich_telling import begun
from tests.stages.telling import Decide
from tests.templates.rich import rich_with, stage
from tests.templates.test_model import titled


def migrate(target: Template, **command: dict[str, str]) -> Decide:
    migrating_ = migrating.MigrateProject.model_validate({"reason": "改版", **command})
    hashed = body_hash(target)
    return lambda project: migrating.migrate(project, target, hashed, migrating_, OWNER)


def test_whoever_holds_a_role_of_the_project_does_not_move_it_to_another_version() -> None:
    target, command = rich_with(version=2), migrating.MigrateProject(reason="改版")
    story, hashed = begun(), body_hash(target)
    story.when(
        lambda project: migrating.migrate(project, target, hashed, command, GENERAL_MANAGER)
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
