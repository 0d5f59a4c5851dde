"""Requests made up from the OpenAPI document: no answer but the documented ones, and never a 500."""

import asyncio
import itertools
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.control import REQUIREMENT, new_change, new_milestone, risk_owned_by
from tests.documents.attaching import attach, upload
from tests.engaged import GOAL, engaged, link
from tests.pursuit import done
from tests.refusals.asking import new_pursuit
from tests.small_registers import METRIC, keep_registers
from tests.stakeholders.inside import new_stakeholder
from tests.world import World, make_world

EXAMPLES_PER_OPERATION = 4
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


async def test_no_request_made_up_from_the_document_meets_an_undocumented_answer(
    house: World, document: dict[str, Any]
) -> None:
    async with make_world(house.api) as world:
        ids = await known_ids(world)
        await asyncio.to_thread(ask_everything, world, document, ids)
    assert "Traceback" not in house.api.log.read_text()


async def known_ids(world: World) -> dict[str, str]:
    pursuit = await new_pursuit(world)
    stakeholder = await new_stakeholder(pursuit)
    contact = done(await world.owner.get(f"/v1/contacts/{stakeholder['id']}")).json()
    risk = await pursuit.post("risks", risk_owned_by(world.marketer.id))
    both = await engaged(world)
    await link(both.engagement, pursuit)
    await both.occur()
    return {
        "project_id": pursuit.path.rpartition("/")[2],
        "requirement_id": (await pursuit.post("requirements", REQUIREMENT))["requirement"]["id"],
        "change_id": (await new_change(pursuit)).rpartition("/")[2],
        "risk_id": risk["risk"]["id"],
        "finding_id": await keep_registers(pursuit),
        "metric": METRIC,
        "milestone_id": (await new_milestone(pursuit)).rpartition("/")[2],
        "account_id": contact["account_id"],
        "contact_id": contact["id"],
        "document_id": (await attach(pursuit, await upload(pursuit, b"any file")))["id"],
        "goal_id": (await pursuit.post("goals", GOAL))["goal"]["id"],
        "warning_id": (await pursuit.items("warnings"))[0]["id"],
    }


def ask_everything(world: World, document: dict[str, Any], ids: dict[str, str]) -> None:
    schema = schemathesis.openapi.from_dict(document)
    schema.config.update(base_url=world.api.url)
    for result in schema.get_all_operations():
        operation: Any = result.ok()  # type: ignore[union-attr]
        of_project = operation.path.startswith("/v1/projects")
        ask(operation, world.marketer.key if of_project else world.owner.key, ids)


def let_in(case: Any, ids: dict[str, str]) -> None:
    known = {name: value for name, value in ids.items() if name in case.path_parameters}
    case.path_parameters.update(known)
    case.query.pop("cursor", None)
    for name in ("Idempotency-Key", "If-Match", "Correlation-Id"):
        case.headers.pop(name, None)


def ask(operation: Any, key: str, ids: dict[str, str]) -> None:
    """Every second time with ids that are there and without made-up headers and cursors, so that requests get past
    the door.
    """
    turns = itertools.count()

    @seed(1)
    @settings(
        max_examples=EXAMPLES_PER_OPERATION,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def asking(case: Any) -> None:
        if next(turns) % 2:
            let_in(case, ids)
        answer = case.call(headers={"Authorization": f"Bearer {key}"})
        case.validate_response(answer, checks=CHECKS)

    asking()
