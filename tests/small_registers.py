"""Registers that pursuit.8 does not keep, written for one of its projects as the small template has them: by the real
writer, but not over HTTP.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.app import open_services
from genjin_api.handle import moment_in
from genjin_api.metrics import decider as metrics
from genjin_api.projects.state import Project
from tests.projects.replay import write
from tests.pursuit import Pursuit
from tests.small_template import SMALL
from tests.world import World, api_settings

METRIC = "satisfaction"
ZONE = "Asia/Shanghai"


def caller_of(world: World, role: str = "marketer") -> Caller:
    person = world.judge(role)
    return Caller(UUID(world.workspace_id), UUID(person.id), person.name, "member", ZONE)


async def decide(
    pursuit: Pursuit, *decisions: Callable[[Project], Decision], by: str = "marketer"
) -> None:
    """One after the other, each in a commit of its own."""
    identifier = UUID(pursuit.path.rpartition("/")[2])
    async with open_services(api_settings(pursuit.world.api.database)) as services:
        for decision in decisions:
            await write(services, caller_of(pursuit.world, by), identifier, decision)


async def record_values(pursuit: Pursuit, *values: tuple[float, str]) -> None:
    """Values of METRIC, each with its day."""
    caller = caller_of(pursuit.world)

    def recording(value: float, day: str) -> Callable[[Project], Decision]:
        command = metrics.RecordValue.model_validate({"value": value, "on": day, "note": "回访"})
        return lambda project: metrics.record(
            project, SMALL, METRIC, command, caller, moment_in(ZONE)
        )

    await decide(pursuit, *(recording(value, day) for value, day in values))


async def aim(pursuit: Pursuit, **target: Any) -> None:
    """A target of METRIC."""
    command = metrics.SetTarget.model_validate({"reason": "合同要求更高", **target})
    caller = caller_of(pursuit.world)
    await decide(
        pursuit, lambda project: metrics.set_target(project, SMALL, METRIC, command, caller)
    )
