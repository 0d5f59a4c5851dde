"""Two workspaces on one installation: what belongs to the other is not there, whatever is asked.

Generated from the API's own OpenAPI document: a new route is asked here by itself.
"""

import re
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from tests.control import REQUIREMENT, new_change, new_milestone, risk_owned_by
from tests.documents.attaching import attach, upload
from tests.engaged import GOAL, REASON, engaged, identifier, new_engagement
from tests.evidence.sealed_log import seal_log
from tests.forms.values import valid_values
from tests.http.asserting import newest_position
from tests.http.openapi import READS, Operation
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.small_registers import METRIC, keep_registers
from tests.stakeholders.inside import new_contact
from tests.world import World, make_world

UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# Templates are shipped with the release and belong to nobody.
SHARED = "/v1/templates"


@pytest.fixture(scope="module")
async def theirs(house: World) -> AsyncIterator[World]:
    async with make_world(house.api) as made:
        yield made


@pytest.fixture(scope="module")
async def their_ids(theirs: World) -> dict[str, str]:
    """One of everything, by the names of the path parameters."""
    pursuit = Pursuit(theirs, await theirs.project())
    await pursuit.open_gate()
    await pursuit.advance()
    due = {
        "role": "marketer",
        "action": "x",
        "owner_id": theirs.marketer.id,
        "due_on": "2030-01-01",
    }
    form = TEMPLATE.stages[0].forms[0]
    profile = {"values": valid_values(TEMPLATE.forms["contact_profile"].json_schema)}
    personal = done(await theirs.marketer.put(f"{pursuit.path}/forms/contact_profile", profile))
    subscription = {"url": "https://example.com", "event_types": ["*"]}
    made = await theirs.owner.post("/v1/webhook-subscriptions", subscription)
    keys = await theirs.owner.get("/v1/api-keys")
    risk = await pursuit.post("risks", risk_owned_by(theirs.marketer.id))
    document = await attach(pursuit, await upload(pursuit, b"theirs alone"))
    both = await engaged(theirs)
    await both.occur()
    contact = await new_contact(theirs.marketer)
    await pursuit.post("stakeholders", {"contact_id": contact["id"]})
    return {
        "project_id": pursuit.path.rpartition("/")[2],
        "requirement_id": (await pursuit.post("requirements", REQUIREMENT))["requirement"]["id"],
        "change_id": (await new_change(pursuit)).rpartition("/")[2],
        "risk_id": risk["risk"]["id"],
        "milestone_id": (await new_milestone(pursuit)).rpartition("/")[2],
        "document_id": document["id"],
        "account_id": contact["account_id"],
        "contact_id": contact["id"],
        "follow_up_id": (await pursuit.post("follow-ups", due))["follow_up"]["id"],
        "subscription_id": made.json()["webhook_subscription"]["id"],
        "event_id": made.json()["events"][0]["id"],
        "request_id": made.json()["events"][0]["request_id"],
        "key_id": keys.json()["items"][0]["id"],
        "person_id": theirs.marketer.id,
        "subject_id": personal.json()["form"]["own_subject"],
        "form": form,
        "stage": TEMPLATE.stages[0].key,
        "number": "1",
        "role": "marketer",
        "metric": METRIC,
        "finding_id": await keep_registers(pursuit),
        "key": "any_condition",
        "goal_id": (await pursuit.post("goals", GOAL))["goal"]["id"],
        "linked_id": identifier(both.project),
        "linked_risk_id": both.risk,
        "warning_id": (await both.project.items("warnings"))[0]["id"],
    }


def own_ids(house: World) -> dict[str, str]:
    return {"person_id": house.marketer.id, "owner_id": house.marketer.id}


def of_things(operations: list[Operation]) -> list[Operation]:
    """The operations on one thing of a workspace."""
    return [one for one in operations if "{" in one.path and not one.path.startswith(SHARED)]


async def statuses(
    asked: list[Operation], client: httpx.AsyncClient, ids: dict[str, str], own: dict[str, str]
) -> dict[str, tuple[int, str]]:
    found = {}
    for operation in asked:
        answer = await operation.send(client, ids, own)
        problem = answer.headers["content-type"] == "application/problem+json"
        said = answer.json()["code"] if problem else answer.text[:200]
        found[operation.name] = answer.status_code, said
    return found


async def test_what_belongs_to_the_other_workspace_is_not_found(
    house: World, theirs: World, their_ids: dict[str, str], operations: list[Operation]
) -> None:
    before = await newest_position(house), await newest_position(theirs)
    asked = of_things(operations)
    assert len(asked) > 40
    found = await statuses(asked, house.owner.client, their_ids, own_ids(house))
    assert {name: said for name, said in found.items() if said != (404, "not_found")} == {}
    assert (await newest_position(house), await newest_position(theirs)) == before


async def test_it_is_not_found_under_a_project_of_ones_own_either(
    house: World, project: str, their_ids: dict[str, str], operations: list[Operation]
) -> None:
    ids = their_ids | {"project_id": project.rpartition("/")[2]}
    parts = (
        *("requirement_id", "change_id", "risk_id", "milestone_id", "finding_id", "follow_up_id"),
        *("document_id", "goal_id", "linked_id", "linked_risk_id", "warning_id", "contact_id"),
    )
    asked = [one for one in operations if any(f"{{{part}}}" in one.path for part in parts)]
    assert len(asked) > 15
    before = await newest_position(house)
    found = await statuses(asked, house.marketer.client, ids, own_ids(house))
    assert {name: said for name, said in found.items() if said != (404, "not_found")} == {}
    assert await newest_position(house) == before


async def test_to_its_own_people_everything_asked_above_is_there(
    theirs: World, their_ids: dict[str, str], operations: list[Operation]
) -> None:
    """So that the tests above cannot pass because the ids are wrong."""
    reads = [one for one in of_things(operations) if one.method in READS]
    found = await statuses(reads, theirs.owner.client, their_ids, {})
    assert {name: said for name, said in found.items() if said[0] != 200} == {}


async def test_nothing_of_the_other_is_in_any_list(
    house: World,
    project: str,
    theirs: World,
    their_ids: dict[str, str],
    operations: list[Operation],
) -> None:
    for workspace in (house, theirs):
        await seal_log(workspace.api.database, UUID(workspace.workspace_id))
    foreign = set(_uuids((await theirs.owner.get("/v1/events", limit=200)).json()))
    assert their_ids["project_id"] in foreign
    ids = {"project_id": project.rpartition("/")[2]}
    lists = [
        one
        for one in operations
        if one.method in READS and set(re.findall(r"{(\w+)}", one.path)) <= set(ids)
    ]
    assert len(lists) > 15
    for operation in lists:
        answer = await operation.send(house.owner.client, ids)
        assert answer.status_code == 200, operation.name
        seen = set(_uuids(answer.text))
        assert seen & foreign == set(), operation.name


def _uuids(value: Any) -> Iterator[str]:
    yield from UUID_TEXT.findall(str(value))


async def test_filters_by_foreign_ids_find_nothing(
    house: World, theirs: World, their_ids: dict[str, str]
) -> None:
    for path in (
        f"/v1/events?actor={theirs.marketer.id}",
        f"/v1/events?project={their_ids['project_id']}",
        f"/v1/follow-ups?owner_id={theirs.marketer.id}",
    ):
        assert (await house.owner.get(path)).json()["items"] == [], path


async def test_a_person_of_the_other_workspace_can_be_given_nothing(
    house: World, project: str, theirs: World
) -> None:
    before = await newest_position(house)
    stranger = theirs.marketer.id
    for path, body in (
        (f"{project}/role-holders", {"role": "marketer", "person_id": stranger}),
        ("/v1/api-keys", {"person_id": stranger, "name": "x"}),
        (f"{project}/risks", risk_owned_by(stranger)),
        (
            f"{project}/follow-ups",
            {"role": "marketer", "action": "x", "owner_id": stranger, "due_on": "2030-01-01"},
        ),
    ):
        person = house.owner if path == "/v1/api-keys" else house.marketer
        answer = await person.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (422, "unknown_person"), path
    assert await newest_position(house) == before


async def test_a_project_of_the_other_workspace_is_linked_with_none_of_ones_own(
    house: World, their_ids: dict[str, str]
) -> None:
    engagement = await new_engagement(house)
    before = await newest_position(house)
    body = {"project_id": their_ids["linked_id"], **REASON}
    answer = await house.marketer.post(f"{engagement.path}/linked-projects", body)
    assert (answer.status_code, answer.json()["code"]) == (422, "field_invalid")
    assert await newest_position(house) == before


async def test_codes_and_idempotency_keys_are_ones_own(house: World, theirs: World) -> None:
    body = {"code": f"XM-{uuid4()}", "header": {"name": "x"}}
    headers = {"Idempotency-Key": f"shared-{uuid4()}"}
    ours = await house.owner.client.post("/v1/projects", json=body, headers=headers)
    other = await theirs.owner.client.post("/v1/projects", json=body, headers=headers)
    assert (ours.status_code, other.status_code) == (201, 201)
    assert ours.json()["project"]["id"] != other.json()["project"]["id"]
