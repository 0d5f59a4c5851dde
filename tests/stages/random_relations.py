"""What random people command on a project's health, its goals and the people inside the customer."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.contacts.state import Contact
from genjin_api.goals import decider as goals
from genjin_api.health import decider as health
from genjin_api.projects.state import Project
from genjin_api.stakeholders import commands as asked
from genjin_api.stakeholders import decider as stakeholders
from tests.specification import OWNER, START
from tests.stages.random_commands import Commands

GOALS = [UUID(int=0x70 + number) for number in range(2)]
CONTACTS = [
    Contact(
        UUID(int=number), UUID(int=1), UUID(int=number), {}, {}, START, OWNER.person_id, START, 1
    )
    for number in (0x81, 0x82)
]
ROLES: tuple[tuple[asked.Role, ...], ...] = (
    (),
    ("coach",),
    ("decision_maker",),
    ("coach", "decision_maker"),
)


def go_on_with_health(commands: Commands) -> None:
    template, level = commands.process.template, commands.one(("good", "good", "poor"))
    command = health.AssessHealth(level=level, reason="客户两次推迟回访")
    who = commands.somebody(commands.roles())
    commands.process.do(who, lambda project, who: health.assess(project, template, command, who))


def go_on_with_goal(commands: Commands) -> None:
    """Set it, measured by a metric or not, adjust it, say how it goes, end it."""
    process, template = commands.process, commands.process.template
    identifier, ends = commands.one(GOALS), commands.one((True, False, False))
    metric, value = commands.one(("quality", None, None)), commands.one((10.0, 50.0, 90.0, None))
    target = commands.one((80.0, 20.0, None))
    new = goals.SetGoal(
        title="满意度",
        measure="得分",
        metric=metric,
        direction=commands.one(("at_least", "at_most")),
        target=target,
    )
    other = goals.AdjustGoal(target=target, due_on=None, reason="市场变化")
    made = goals.RecordProgress.model_validate({"value": value, "on": _day(commands), "note": "计"})
    over = goals.EndGoal(outcome=commands.one(("achieved", "abandoned")), reason="已达到")
    adjusts, moment = commands.one((False, False, True)), process.moment

    def decide(project: Project, who: Caller) -> Decision:
        goal = project.goals.get(str(identifier))
        if goal is None:
            return goals.set_goal(project, template, new, identifier, who)
        if ends:
            return goals.end(project, identifier, over, who)
        if adjusts:
            return goals.adjust(project, identifier, other, who)
        return goals.record_progress(project, identifier, made, who, moment)

    process.do(commands.somebody(commands.roles()), decide)


def go_on_with_stakeholder(commands: Commands) -> None:
    """Identify somebody, change what is known of them, score the relationship, seldom remove them."""
    contact, above = (
        commands.one(CONTACTS),
        commands.one((None, None, *(one.id for one in CONTACTS))),
    )
    does = commands.one(("change", "change", "score", "remove"))
    stance, roles = commands.one((None, -2, 1)), commands.one(ROLES)
    new = asked.IdentifyStakeholder(
        contact_id=contact.id, roles=roles, reports_to=above, stance=stance
    )
    other = asked.ChangeStakeholder(roles=roles, reports_to=above, stance=stance)
    score = asked.ScoreRelationship.model_validate(
        {
            "assessed_on": _day(commands),
            "scores": [{"dimension": "信任", "score": 4}],
            "evidence": "主动来电",
        }
    )
    gone, moment = asked.RemoveStakeholder(reason="已调离"), commands.process.moment

    def decide(project: Project, who: Caller) -> Decision:
        known = project.stakeholders.get(str(contact.id))
        if known is None or known.status == "removed":
            return stakeholders.identify(project, contact, new, who)
        if does == "change":
            return stakeholders.change(project, contact.id, other, who)
        if does == "remove":
            return stakeholders.remove(project, contact.id, gone, who)
        return stakeholders.score(project, contact.id, score, who, moment)

    commands.process.do(commands.somebody(commands.roles()), decide)


def _day(commands: Commands) -> str:
    today = commands.process.moment.today
    return commands.one((today, today - timedelta(days=1))).isoformat()


RELATIONS: dict[str, Callable[[Commands], None]] = {
    "health": go_on_with_health,
    "goals": go_on_with_goal,
    "stakeholders": go_on_with_stakeholder,
}
"""By the variable that expressions read."""
