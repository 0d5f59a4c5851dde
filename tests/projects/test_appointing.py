"""Who gives the roles of a project out and takes them back: nobody gets a say over others by themselves."""

from collections.abc import Callable

from genjin.stages.events import StageAdvanced, StageEntered
from genjin.templates.authority import appointers, roles_with_authority
from genjin.templates.catalog import latest, shipped
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decision
from genjin_api.projects import decider
from genjin_api.projects.decider import AssignRole
from genjin_api.projects.state import Project
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    OUTSIDER,
    OWNER,
    TEMPLATE,
    By,
    Given,
    by,
    created,
    given,
    holds,
)
from tests.templates.rich import rich_with
from tests.templates.test_model import titled

FIRST_GATE: list[Given] = [
    StageAdvanced(stage="initiation", visit=1, to_stage="contact", receipt={}),
    StageEntered(stage="contact", visit=1, from_stage="initiation"),
]
BY_OWNER: list[Given] = [one if isinstance(one, By) else by(OWNER, one) for one in created()]


def _gives(
    who: Caller, role: str, to: Caller, template: Template = TEMPLATE
) -> Callable[[Project], Decision]:
    command = AssignRole(role=role, person_id=to.person_id)
    return lambda project: decider.assign_role(project, template, command, to.name, who)


def _takes(
    who: Caller, role: str, of: Caller, template: Template = TEMPLATE
) -> Callable[[Project], Decision]:
    return lambda project: decider.release_role(project, template, role, of.person_id, "调岗", who)


def test_who_overrides_a_gate_is_neither_replaced_by_those_below_nor_are_these_by_each_other() -> (
    None
):
    story = given(A_PROJECT, FIRST_GATE)
    for who in (DEPT_HEAD, MARKETER, OUTSIDER):
        for try_ in (
            _takes(who, "general_manager", GENERAL_MANAGER),
            _gives(who, "general_manager", who),
            _gives(who, "sales_manager", OUTSIDER),
            _takes(who, "marketer", MARKETER),
        ):
            refusal = story.when(try_).refused("role_not_allowed")
            assert "owners and admins of the workspace, holders of general_manager" in (
                refusal.detail
            )


def test_the_workspace_and_who_overrides_appoint_but_nobody_appoints_themselves() -> None:
    story = given(A_PROJECT, FIRST_GATE)
    second = holds("dept_head", OUTSIDER)
    story.when(_gives(OWNER, "dept_head", OUTSIDER)).then(second, role=None)
    story.when(_gives(OWNER, "dept_head", OWNER)).then(holds("dept_head", OWNER), role=None)
    story.when(_gives(GENERAL_MANAGER, "dept_head", OUTSIDER)).then(second, role="general_manager")
    story.when(_gives(GENERAL_MANAGER, "dept_head", GENERAL_MANAGER)).refused("role_not_allowed")


def test_who_created_the_project_gives_roles_until_its_first_gate_is_passed() -> None:
    given(created()).when(_gives(MARKETER, "general_manager", MARKETER)).then(
        holds("general_manager", MARKETER), role=None
    )
    begun = given(created(), FIRST_GATE)
    begun.when(_gives(MARKETER, "general_manager", MARKETER)).refused("role_not_allowed")
    begun.when(_gives(MARKETER, "general_manager", OUTSIDER)).refused("role_not_allowed")


def test_a_role_without_authority_is_given_by_every_role_holder_and_others_as_the_template_says() -> (
    None
):
    roles = [*titled("seller", "boss", "clerk", "auditor", "driver"), *titled("porter")]
    roles[-1]["appointed_by"] = ["auditor"]
    template = rich_with(roles=roles)
    story = given(BY_OWNER, holds("driver", DEPT_HEAD), holds("auditor", MARKETER))
    story.when(_gives(DEPT_HEAD, "driver", OUTSIDER, template)).then(
        holds("driver", OUTSIDER), role="driver"
    )
    story.when(_gives(DEPT_HEAD, "porter", OUTSIDER, template)).refused("role_not_allowed")
    story.when(_gives(MARKETER, "porter", MARKETER, template)).refused("role_not_allowed")
    story.when(_gives(MARKETER, "porter", OUTSIDER, template)).then(
        holds("porter", OUTSIDER), role="auditor"
    )


def test_in_every_shipped_process_a_say_over_others_comes_from_above_alone() -> None:
    """Every role tries to give itself every other, and to take away every one that judges."""
    tried = 0
    for template in shipped().values():
        authority = roles_with_authority(template)
        assert set(template.judgement.roles) <= authority
        for mine in (role.key for role in template.roles):
            story = given(BY_OWNER, holds(mine, DEPT_HEAD))
            for role in authority - {mine}:
                story.when(_gives(DEPT_HEAD, role, DEPT_HEAD, template)).refused("role_not_allowed")
                with_judge = given(BY_OWNER, holds(mine, DEPT_HEAD), holds(role, OUTSIDER))
                if mine not in (appointers(template, role) or ()):
                    taking = _takes(DEPT_HEAD, role, OUTSIDER, template)
                    with_judge.when(taking).refused("role_not_allowed")
                tried += 1
    assert tried > 100


def test_the_crew_that_is_audited_makes_nobody_its_auditor() -> None:
    template = latest("construction.audit")
    story = given(BY_OWNER, holds("constructor", DEPT_HEAD), holds("auditor", MARKETER))
    story.when(_gives(DEPT_HEAD, "auditor", OUTSIDER, template)).refused("role_not_allowed")
