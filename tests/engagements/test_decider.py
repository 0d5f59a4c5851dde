"""Links of engagements and what a risk that occurs brings about, decided on states alone."""

from dataclasses import replace
from uuid import UUID

from genjin.engagements.events import EngagementJoined, ProjectLinked, ProjectUnlinked
from genjin.event import Fact
from genjin.risks.events import RiskLinked, RiskOccurred, RiskReopened
from genjin.templates.catalog import latest
from genjin.templates.model import Template
from genjin.warnings.events import WarningGiven
from genjin_api.acting import Caller, Decided
from genjin_api.engagements import decider
from genjin_api.projects.closing import ReopenProject, reopen
from genjin_api.projects.state import Project
from genjin_api.risks import linking
from genjin_api.risks.raising import PEOPLE_MAX, WARNINGS_MAX, Missed, raised
from tests.requirements.test_decider import CLOSED
from tests.risks.test_decider import ASSESSED, CLOSURE, ID, IDENTIFIED, PLANNED
from tests.specification import (
    A_PROJECT,
    HOLDERS,
    MARKETER,
    OUTSIDER,
    PROJECT_ID,
    TEMPLATE,
    Story,
    created,
    given,
    holds,
)
from tests.stages.telling import Decide

ENGAGEMENT = latest("engagement")
OTHER, CAUSE, EVENT = UUID(int=0xF1), UUID(int=0xF2), UUID(int=0xF3)
LINKED = ProjectLinked(project_id=OTHER, project_code="XM-2", origin="grouped", reason="定制")
JOINED = EngagementJoined(
    engagement_id=PROJECT_ID, engagement_code="XM-1", origin="grouped", reason="定制"
)
RAISED_BY = RiskLinked(
    risk_id=ID, relation="raised_by", other_project_id=PROJECT_ID, other_risk_id=CAUSE, note=""
)
OCCURRED = RiskOccurred(risk_id=CAUSE, description="取消订单", measures="会谈")
A_SOURCE = IDENTIFIED.model_copy(update={"risk_id": CAUSE})


def link(project_id: UUID = OTHER, caller: Caller = MARKETER, code: str | None = "XM-2") -> Decide:
    command = decider.LinkProject(project_id=project_id, reason="定制")
    return lambda project: decider.link(project, ENGAGEMENT, command, code, caller)


def test_a_project_is_linked_once_at_a_time_and_again_after_it_left() -> None:
    story = given(A_PROJECT)
    story.when(link()).then(LINKED)
    story.when(link(PROJECT_ID)).refused("engagement_nested")
    story.when(link(code=None)).refused("field_invalid", "/project_id")
    story.when(link(caller=OUTSIDER)).refused("role_not_allowed")
    story.did(MARKETER, link())
    story.when(link()).refused("already_linked")
    story.did(MARKETER, lambda project: decider.unlink(project, OTHER, "转由他人", MARKETER))
    story.when(link()).then(LINKED)


def test_an_engagement_links_no_more_projects_than_may_be_and_those_that_left_count_less() -> None:
    many = [
        LINKED.model_copy(update={"project_id": UUID(int=0x1000 + number)})
        for number in range(decider.LINKED_MAX)
    ]
    story = given(A_PROJECT, many)
    story.when(link()).refused("limit_reached")
    left = ProjectUnlinked(project_id=many[0].project_id, reason="转由他人")
    given(A_PROJECT, many, left).when(link()).then(LINKED)


def test_only_an_engagement_links_and_spawns_and_only_what_its_template_names() -> None:
    story = given(A_PROJECT)
    command = decider.SpawnProject(code="XM-9", template="flowtable", header={"name": "某项目"})

    def spawn(by: Template, chosen: Template = TEMPLATE) -> Decide:
        return lambda project: decider.spawn(project, by, command, chosen, OTHER, MARKETER)

    story.when(spawn(ENGAGEMENT)).refused("field_invalid", "/template")
    story.when(spawn(TEMPLATE)).refused("not_an_engagement")
    willing = ENGAGEMENT.model_copy(update={"spawns": (command.template,)})
    spawned = {"project_code": "XM-9", "origin": "spawned", "reason": ""}
    story.when(spawn(willing)).then(LINKED.model_copy(update=spawned))
    story.when(spawn(willing, ENGAGEMENT)).refused("engagement_nested")


def test_a_project_is_joined_by_whom_it_knows_and_in_no_more_engagements_than_may_be() -> None:
    engagement = given(A_PROJECT).now

    def join(project: Project, caller: Caller = MARKETER, nested: bool = False) -> object:
        return decider.join(project, nested, engagement, "grouped", "定制", caller)

    story = given(A_PROJECT)
    assert join(story.now) == Decided([JOINED], "marketer")
    many = [
        JOINED.model_copy(update={"engagement_id": UUID(int=0x1000 + number)})
        for number in range(decider.ENGAGEMENTS_MAX)
    ]
    codes = [
        _code(join(story.now, OUTSIDER)),
        _code(join(story.now, nested=True)),
        _code(join(given(A_PROJECT, many).now)),
    ]
    assert codes == ["role_not_allowed", "engagement_nested", "limit_reached"]


def _code(decision: object) -> str:
    return str(getattr(decision, "code", decision))


# What a risk that occurs in the engagement brings about in the project


def bring_about(project: Story) -> Decided:
    source = given(A_PROJECT, A_SOURCE)
    return raised(project.now, source.now, OCCURRED, EVENT)


def test_a_linked_risk_is_reopened_and_its_answer_holds_no_longer() -> None:
    story = given(A_PROJECT, IDENTIFIED, ASSESSED, PLANNED, RAISED_BY, CLOSURE)
    reopened, warning = bring_about(story).facts
    assert isinstance(reopened, RiskReopened) and isinstance(warning, WarningGiven)
    assert (reopened.risk_id, reopened.cause_risk_id) == (ID, CAUSE)
    assert warning.risk_ids == (ID,)
    assert [one.person_id for one in warning.people] == [IDENTIFIED.owner_id]
    story.tell(MARKETER, [reopened, warning])
    risk = story.now.risks[str(ID)]
    assert (risk.status, risk.awaits_assessment, risk.is_answered) == ("open", True, False)
    story.tell(MARKETER, [ASSESSED, PLANNED])
    risk = story.now.risks[str(ID)]
    assert (risk.awaits_assessment, risk.is_answered) == (False, True)


def test_what_has_occurred_in_the_project_stays_so_when_it_is_reopened() -> None:
    here = RiskOccurred(risk_id=ID, description="已停工", measures="")
    story = given(A_PROJECT, IDENTIFIED, RAISED_BY, here)
    story.tell(MARKETER, bring_about(story).facts)
    risk = story.now.risks[str(ID)]
    assert (risk.status, risk.awaits_assessment) == ("occurred", True)


def test_without_a_linked_risk_those_who_hold_a_role_are_warned_each_once_and_not_too_many() -> (
    None
):
    story = given(A_PROJECT, IDENTIFIED, holds("dept_head", MARKETER))
    [warning] = bring_about(story).facts
    assert isinstance(warning, WarningGiven)
    assert len(warning.people) == len(HOLDERS)
    crowd = [
        holds("marketer", Caller(PROJECT_ID, UUID(int=0x1000 + number), "某人", "member", "UTC"))
        for number in range(PEOPLE_MAX + 5)
    ]
    [warning] = bring_about(given(created(), crowd)).facts
    assert isinstance(warning, WarningGiven)
    assert len(warning.people) == PEOPLE_MAX


def test_nothing_is_brought_about_in_a_project_that_is_closed() -> None:
    assert bring_about(given(A_PROJECT, IDENTIFIED, RAISED_BY, CLOSED)).facts == []


def test_what_occurred_while_a_project_was_closed_is_brought_about_when_it_is_reopened() -> None:
    story = given(A_PROJECT, IDENTIFIED, ASSESSED, PLANNED, RAISED_BY, JOINED, CLOSED)
    engagement = replace(given(A_PROJECT, A_SOURCE).now, id=JOINED.engagement_id)
    command = ReopenProject(reason="重新招标", to_stage="initiation")

    def reopened(*missed: Missed) -> list[Fact]:
        decision = reopen(story.now, TEMPLATE, command, MARKETER, missed)
        assert isinstance(decision, Decided)
        return list(decision.facts[2:])

    stranger = replace(engagement, id=OTHER)
    assert reopened() == reopened(Missed(stranger, OCCURRED, EVENT)) == []
    risk, warning = reopened(Missed(engagement, OCCURRED, EVENT))
    assert isinstance(risk, RiskReopened) and isinstance(warning, WarningGiven)
    assert (risk.cause_project_id, risk.cause_risk_id) == (JOINED.engagement_id, CAUSE)
    assert (warning.warning_id, warning.risk_ids) == (EVENT, (ID,))


def test_a_risk_is_reopened_in_a_project_that_is_warned_no_more() -> None:
    story = given(A_PROJECT, IDENTIFIED, RAISED_BY)
    warning = bring_about(story).facts[-1]
    assert isinstance(warning, WarningGiven)
    many = [
        warning.model_copy(update={"warning_id": UUID(int=0x1000 + number)})
        for number in range(WARNINGS_MAX)
    ]
    [reopened] = bring_about(given(A_PROJECT, IDENTIFIED, RAISED_BY, many)).facts
    assert isinstance(reopened, RiskReopened)


def test_a_risk_has_no_more_links_than_may_be_on_either_side() -> None:
    many = [
        RAISED_BY.model_copy(update={"other_risk_id": UUID(int=0x1000 + number)})
        for number in range(linking.LINKS_MAX)
    ]
    command = linking.LinkRisk(project_id=OTHER, risk_id=ID)
    full = given(A_PROJECT, IDENTIFIED, LINKED, many)
    full.when(
        lambda project: linking.link(
            project, ID, command.model_copy(update={"risk_id": CAUSE}), MARKETER
        )
    ).refused("limit_reached")
    there = linking.be_linked(full.now, full.now, CAUSE, command, MARKETER)
    assert _code(there) == "limit_reached"
    unknown = command.model_copy(update={"risk_id": OTHER})
    assert _code(linking.be_linked(full.now, full.now, CAUSE, unknown, MARKETER)) == "field_invalid"
