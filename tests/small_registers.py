"""Projects with registers that pursuit.8 does not keep: of the small template, which a workspace publishes as its own.
For a project of pursuit.8 itself, the real writer makes entries as the small template has them.
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid4

from genjin_api.acting import Caller, Decision
from genjin_api.app import open_services
from genjin_api.findings import decider as findings
from genjin_api.handle import moment_in
from genjin_api.metrics import decider as metrics
from genjin_api.projects.state import Project
from tests.projects.replay import write
from tests.pursuit import Pursuit, done
from tests.small_template import SMALL, small_body
from tests.templates.rich import publish
from tests.world import JUDGES, World, api_settings

METRIC = "satisfaction"
ZONE = "Asia/Shanghai"
FINDING = {
    "severity": "major",
    "title": "验收记录缺失",
    "description": "底板钢筋隐蔽验收无监理签字",
    "due_on": "2026-12-15",
}


async def small_project(world: World, *conditions: dict[str, Any], **more: Any) -> Pursuit:
    """Its first stage has these conditions, its template more; the world's people hold its four roles."""
    key = f"small.{uuid4().hex[:12]}"
    await publish(world, key, small_body(*conditions, **more))
    body = {"code": key, "template": key, "header": {"name": "某项目"}}
    project = done(await world.marketer.post("/v1/projects", body)).json()["project"]
    pursuit = Pursuit(world, f"/v1/projects/{project['id']}")
    for role in JUDGES:
        await pursuit.post("role-holders", {"role": role, "person_id": world.judge(role).id})
    return pursuit


async def new_finding(pursuit: Pursuit, **more: Any) -> str:
    """Its path within the project, which is of the small template."""
    made = await pursuit.post("findings", {**FINDING, **more}, by="dept_head")
    return f"findings/{made['finding']['id']}"


async def record(pursuit: Pursuit, *values: tuple[float, str]) -> None:
    """Values of METRIC, each with its day, over HTTP."""
    for value, day in values:
        await pursuit.post(f"metrics/{METRIC}/values", {"value": value, "on": day})


async def keep_registers(pursuit: Pursuit) -> str:
    """A value of METRIC and a finding, of a project whose process keeps neither; the finding's id."""
    finding_id, world = uuid4(), pursuit.world
    value = metrics.RecordValue.model_validate({"value": -1e-7, "on": "2026-03-31"})
    finding = findings.RaiseFinding.model_validate(FINDING)
    seller, auditor = _caller(world, "marketer"), _caller(world, "dept_head")

    def record_value(project: Project) -> Decision:
        return metrics.record(project, SMALL, METRIC, value, seller, moment_in(ZONE))

    def raise_finding(project: Project) -> Decision:
        return findings.raise_finding(project, SMALL, finding, finding_id, None, auditor)

    await _write(pursuit, seller, record_value)
    await _write(pursuit, auditor, raise_finding)
    return str(finding_id)


def _caller(world: World, role: str) -> Caller:
    person = world.judge(role)
    return Caller(UUID(world.workspace_id), UUID(person.id), person.name, "member", ZONE)


async def _write(pursuit: Pursuit, caller: Caller, decide: Callable[[Project], Decision]) -> None:
    async with open_services(api_settings(pursuit.world.api.database)) as services:
        await write(services, caller, UUID(pursuit.path.rpartition("/")[2]), decide)
