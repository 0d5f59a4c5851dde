"""What random histories tell of the customer: its account and its people."""

import random
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.projects import decider as projects
from genjin_api.projects.state import Project
from genjin_api.stakeholders import commands as people
from genjin_api.stakeholders import decider as stakeholders
from genjin_api.subjects.decider import clear_subject
from tests.specification import MARKETER, MOMENT, OWNER, TODAY
from tests.stages.telling import Decide
from tests.stakeholders.story import PEOPLE, contact

WHO = MARKETER


def customer(chance: random.Random) -> tuple[Caller, Decide]:
    return stakeholder(chance) if chance.random() < 0.8 else _account(chance)


def _account(chance: random.Random) -> tuple[Caller, Decide]:
    command = projects.NameAccount(account_id=chance.choice([UUID(int=0xA0), None]))
    return WHO, lambda project: projects.name_account(project, command, WHO)


def stakeholder(chance: random.Random) -> tuple[Caller, Decide]:
    who, above = chance.choice(PEOPLE), chance.choice([*PEOPLE, None])
    said = {
        "roles": ["coach"],
        "stance": chance.randint(-2, 2),
        "note": f"第{chance.randrange(9)}次",
    }
    new = people.IdentifyStakeholder.model_validate({"contact_id": who, **said})
    other = people.ChangeStakeholder.model_validate({**said, "reports_to": above})
    given = [{"dimension": "信任", "score": chance.randint(1, 5)}]
    body = {"assessed_on": TODAY.isoformat(), "scores": given, "evidence": "来电"}
    score = people.ScoreRelationship.model_validate(body)
    gone = people.RemoveStakeholder(reason="已调离")
    go_on: Decide = chance.choice(
        [
            lambda project: stakeholders.change(project, who, other, WHO),
            lambda project: stakeholders.change(project, who, other, WHO),
            lambda project: stakeholders.score(project, who, score, WHO, MOMENT),
            lambda project: stakeholders.remove(project, who, gone, WHO),
            lambda project: clear_subject(project, who, OWNER),
        ]
    )

    def identify_or_go_on(project: Project) -> Decision:
        known = project.stakeholders.get(str(who))
        if known is not None and known.status == "active":
            return go_on(project)
        return stakeholders.identify(project, contact(who), new, WHO)

    return WHO, identify_or_go_on
