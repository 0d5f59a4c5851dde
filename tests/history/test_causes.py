"""From a request along causation_id to all that it led to, as far as the answer goes."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson
import pytest

from genjin.event import Actor
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.postgres import create_pool
from genjin.requirements.events import RequirementPrioritised
from genjin_api.history.causes import EVENTS_MAX, STEPS_MAX
from tests.pursuit import done
from tests.world import World

ROOT = "request-root"


async def caused_by(world: World, cause: str | None, request: str, count: int = 1) -> list[str]:
    """Events of a request in a stream of its own, brought about by a request or an event; their ids."""
    actor = Actor("system", UUID(world.owner.id), "自动")
    fact = RequirementPrioritised(requirement_id=new_id(), priority="key")
    events = [NewEvent(new_id(), fact, datetime.now(UTC), []) for _ in range(count)]
    command = Append(
        f"project-{new_id()}", 0, actor, request, "correlation", events, causation_id=cause
    )
    pool = await create_pool(world.api.database.api_url, "genjin_api", 1)
    [made] = await append(pool, UUID(world.workspace_id), [command])
    await pool.close()
    assert isinstance(made, Appended)
    return [orjson.loads(event.body)["id"] for event in made.events]


async def shown(world: World) -> dict[str, Any]:
    answer: dict[str, Any] = done(await world.auditor.get(f"/v1/requests/{ROOT}")).json()
    return answer


def steps(answer: dict[str, Any]) -> list[tuple[int, str]]:
    return [(one["step"], one["event"]["id"]) for one in answer["caused"]]


async def test_a_request_leads_on_over_other_requests_and_projects(world: World) -> None:
    first, second = await caused_by(world, None, ROOT, 2)
    [third] = await caused_by(world, first, "request-a")
    [other] = await caused_by(world, ROOT, "request-b")
    [fourth] = await caused_by(world, third, "request-c")
    await caused_by(world, "somebody-else", "request-d")
    [fifth] = await caused_by(world, fourth, "request-a")
    answer = await shown(world)
    assert [item["event"]["id"] for item in answer["items"]] == [first, second]
    assert steps(answer) == [(1, third), (1, other), (2, fourth), (3, fifth)]
    assert answer["more_caused"] is False
    assert all(one["attempts"] == [] for one in answer["caused"])


async def test_a_chain_is_followed_so_many_steps_and_it_is_said_where_it_goes_on(
    world: World,
) -> None:
    [cause] = await caused_by(world, None, ROOT)
    chain = []
    for number in range(1, STEPS_MAX + 1):
        [cause] = await caused_by(world, cause, f"request-{number}")
        chain.append((number, cause))
    answer = await shown(world)
    assert (steps(answer), answer["more_caused"]) == (chain, False)
    await caused_by(world, cause, "request-beyond")
    answer = await shown(world)
    assert (steps(answer), answer["more_caused"]) == (chain, True)


@pytest.mark.parametrize("counts", [(EVENTS_MAX,), (EVENTS_MAX - 1, 1)])
async def test_so_many_events_are_shown_and_it_is_said_that_there_are_more(
    world: World, counts: Sequence[int]
) -> None:
    [cause] = await caused_by(world, None, ROOT)
    for number, count in enumerate(counts):
        [cause, *_] = await caused_by(world, cause, f"request-{number}", count)
    answer = await shown(world)
    assert (len(answer["caused"]), answer["more_caused"]) == (EVENTS_MAX, False)
    await caused_by(world, cause, "request-beyond")
    answer = await shown(world)
    assert (len(answer["caused"]), answer["more_caused"]) == (EVENTS_MAX, True)
