"""Random histories of the rich template, the same for the same seed: branches, skips, overrides, returns, ends."""

import random
from typing import Any

from genjin_api.acting import Caller, Decision
from genjin_api.projects import closing
from genjin_api.projects.state import Project
from genjin_api.stages import moves
from genjin_api.stages.gate import gate
from tests.specification import (
    DEPT_HEAD,
    GENERAL_MANAGER,
    MARKETER,
    MOMENT,
    SALES_MANAGER,
    Story,
)
from tests.stages.rich_telling import (
    HOLDERS,
    REASON,
    advance,
    approve,
    begun,
    judge,
    mark,
    prepare,
    record,
)
from tests.stages.telling import Decide
from tests.templates.rich import RICH

PEOPLE = (MARKETER, GENERAL_MANAGER, DEPT_HEAD, SALES_MANAGER)
STAGES = [stage.key for stage in RICH.stages]


def random_rich_story(seed: int, steps: int) -> Story:
    """Each step something that people do; half of the time what brings the project on."""
    chance = random.Random(seed)
    story = begun(name="某", amount=chance.choice(["500.00", "2000.00"]))
    for _ in range(steps):
        if story.now.status == "closed":
            story.do(MARKETER, _reopen)
        elif chance.random() < 0.5:
            _go_on(story, chance)
        else:
            story.do(*_anything(chance))
    return story


def _go_on(story: Story, chance: random.Random) -> None:
    if chance.random() < 0.4:
        _prepare(story)
    if chance.random() < 0.5:
        for role in ("seller", "boss"):
            story.do(HOLDERS[role], judge(role))
    at_the_end = story.now.course.current.stage == "last"
    override = _override(story.now) if chance.random() < 0.6 else None
    if at_the_end:
        story.do(GENERAL_MANAGER, _close(override))
    else:
        by = chance.choice((MARKETER, GENERAL_MANAGER))
        to_stage = chance.choice((None, "last", "big", "small"))
        said: dict[str, Any] = {"to_stage": to_stage, "reason": "客户已参观", "override": override}
        story.do(by, advance(by, **said))


def _prepare(story: Story) -> None:
    if story.now.course.current.stage == "first":
        prepare(story)
    else:
        story.do(MARKETER, record())


def _override(project: Project) -> dict[str, Any] | None:
    blocking = gate(project, RICH, MOMENT).blocking()
    waive = [{"code": check.code, "subject": check.subject} for check in blocking]
    return {"waive": waive, "reason": REASON} if waive else None


def _close(override: dict[str, Any] | None) -> Decide:
    command = closing.CloseProject.model_validate({"outcome": "won", "override": override})
    return lambda project: closing.close(project, RICH, command, GENERAL_MANAGER, MOMENT)


def _reopen(project: Project) -> Decision:
    command = closing.ReopenProject(reason="业主重新邀请", to_stage="first")
    return closing.reopen(project, RICH, command, MARKETER)


def _return(chance: random.Random) -> Decide:
    command = moves.ReturnStage(to_stage=chance.choice(STAGES), reason="方案需重做")
    return lambda project: moves.return_to(project, RICH, command, MARKETER)


def _anything(chance: random.Random) -> tuple[Caller, Decide]:
    return chance.choice(
        [
            (MARKETER, record(f"第{chance.randrange(100)}次通话")),
            (DEPT_HEAD, mark("safe", DEPT_HEAD, met=chance.random() < 0.8)),
            (DEPT_HEAD, approve("clerk", approved=chance.random() < 0.8, comment="依据不足")),
            (GENERAL_MANAGER, judge("boss", chance.choice(["advance", "hold"]))),
            (MARKETER, _return(chance)),
        ]
    )
