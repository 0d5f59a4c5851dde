"""Outside parties of a project, as its customer: they move nothing, appoint nobody and see nothing restricted."""

from collections.abc import Callable, Iterator

from genjin.projects.events import ProjectCreated, TemplateReference
from genjin.stages.events import StageEntered
from genjin.templates.catalog import shipped
from genjin.templates.model import Template
from genjin_api.acting import Caller, Decision
from genjin_api.projects import closing, decider
from genjin_api.projects.closing import CloseProject, ReopenProject
from genjin_api.projects.decider import AssignRole, ResumeProject, SuspendProject
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stages import moves
from genjin_api.stages.moves import AdvanceStage, ReturnStage
from tests.engaged import new_engagement
from tests.pursuit import done
from tests.specification import DEPT_HEAD, MOMENT, OUTSIDER, OWNER, Story, by, given, holds, sealed
from tests.stakeholders.inside import CONTACT, NOTE, new_contact, new_stakeholder
from tests.world import World

Decide = Callable[[Project], Decision]


def _begun(template: Template, role: str) -> Story:
    """Someone inside, and the outsider as the outside party."""
    inside = next(one.key for one in template.roles if not one.outside)
    reference = TemplateReference(key=template.key, version=template.version, body_hash="hash")
    return given(
        by(OWNER, ProjectCreated(code="XM-1", template=reference, header={"name": "某项目"})),
        by(OWNER, StageEntered(stage=template.stages[0].key, visit=1, from_stage=None)),
        holds(inside, DEPT_HEAD),
        holds(role, OUTSIDER),
    )


def _moving(template: Template, who: Caller) -> Iterator[Decide]:
    """Whatever moves a project or ends it, as far as the template names nobody for it."""
    first = template.stages[0].key
    suspension, reopening = (
        SuspendProject(reason="推迟"),
        ReopenProject(to_stage=first, reason="错"),
    )
    returning = ReturnStage(to_stage=first, reason="退回")
    yield lambda project: decider.suspend(project, template, suspension, who)
    yield lambda project: decider.resume(project, template, ResumeProject(), who)
    yield lambda project: moves.advance(project, template, AdvanceStage(), who, MOMENT)
    yield lambda project: moves.return_to(project, template, returning, who)
    if not template.reopen_by:
        yield lambda project: closing.reopen(project, template, reopening, who)
    if free := [outcome.key for outcome in template.outcomes if not outcome.by]:
        ending = CloseProject(outcome=free[0], reason="不做了")
        yield lambda project: closing.close(project, template, ending, who, MOMENT)


def _appointing(template: Template, who: Caller) -> Iterator[Decide]:
    for role in template.roles:
        command = AssignRole(role=role.key, person_id=OWNER.person_id)
        yield lambda project, command=command: decider.assign_role(  # type: ignore[misc]
            project, template, command, OWNER.name, who
        )


def _refused(story: Story, decide: Decide) -> bool:
    decision = sealed(decide(story.now))
    return isinstance(decision, Refusal) and decision.code == "role_not_allowed"


def test_outside_parties_of_every_shipped_process_move_nothing_and_appoint_nobody() -> None:
    parties = [(one, role) for one in shipped().values() for role in sorted(one.outside_roles)]
    assert {template.key for template, _ in parties} >= {"engagement", "construction.audit"}
    for template, role in parties:
        story = _begun(template, role)
        tried = [*_moving(template, OUTSIDER), *_appointing(template, OUTSIDER)]
        assert all(_refused(story, decide) for decide in tried), (template.key, role)
        inside = _moving(template, DEPT_HEAD)
        assert not any(_refused(story, decide) for decide in inside), (template.key, role)


async def test_the_customer_of_an_engagement_reads_neither_its_people_nor_what_is_noted_of_them(
    world: World,
) -> None:
    engagement = await new_engagement(world)
    contact = await new_contact(world.marketer)
    await new_stakeholder(engagement, contact_id=contact["id"])
    holder = {"role": "customer", "person_id": world.outsider.id}
    await engagement.post("role-holders", holder)
    paths = (
        f"{engagement.path}/stakeholders",
        f"/v1/contacts/{contact['id']}",
        f"{engagement.path}/events",
    )
    read = [done(await world.outsider.get(path)).text for path in paths]
    known = [done(await world.marketer.get(path)).text for path in paths]
    for text in (*CONTACT.values(), NOTE):
        assert not any(text in answer for answer in read)
    assert NOTE in known[0] and CONTACT["name"] in known[1]
