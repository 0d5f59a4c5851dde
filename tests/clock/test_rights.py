"""The notifier tells what the clock brings, and nothing else: Postgres sees to it."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from genjin.clock.crossings import CLOCK, Crossing, Owned, follow_up_overdue
from genjin.event import Actor, Fact
from genjin.identifiers import new_id
from genjin.log.append import Append, NewEvent, body_texts
from genjin.projects.events import ProjectResumed
from tests.clock.conftest import Time
from tests.clock.lives import told
from tests.pursuit import Pursuit
from tests.world import World

CALL = "SELECT genjin_clock.tell($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"


def overdue(time: Time) -> Crossing:
    return follow_up_overdue(Owned(new_id(), new_id(), time.now.date()))


async def append(
    database: asyncpg.Pool,
    pursuit: Pursuit,
    fact: Fact,
    time: Time,
    *,
    actor: Actor = CLOCK,
    id_: UUID | None = None,
    **columns: Any,
) -> bool:
    """columns stand in the place of what the body says."""
    project_id = UUID(pursuit.path.rpartition("/")[2])
    version = columns.pop("version", None) or (await pursuit.card())["version"]
    event = NewEvent(id_ or new_id(), fact, time.now, ())
    command = Append(f"project-{project_id}", version, actor, "r", "r", [event])
    [(head, tail)] = body_texts(command)
    appended: bool = await database.fetchval(
        CALL,
        UUID(pursuit.world.workspace_id),
        project_id,
        version,
        actor.id,
        "r",
        [event.id],
        [columns.get("type", fact.type)],
        [1],
        [time.now],
        [head],
        [tail],
    )
    return appended


async def test_it_appends_events_of_the_clock(
    world: World, as_notifier: asyncpg.Pool, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    assert await append(as_notifier, pursuit, overdue(time).fact, time)
    assert len(await told(pursuit)) == 1


async def test_at_a_version_that_has_passed_it_writes_nothing(
    world: World, as_notifier: asyncpg.Pool, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    card = await pursuit.card()
    before = card["version"] - 1
    assert not await append(as_notifier, pursuit, overdue(time).fact, time, version=before)
    assert await pursuit.card() == card


async def test_the_log_takes_a_crossing_once(
    world: World, as_notifier: asyncpg.Pool, time: Time
) -> None:
    pursuit = Pursuit(world, await world.project())
    fact, id_ = overdue(time).fact, new_id()
    assert await append(as_notifier, pursuit, fact, time, id_=id_)
    with pytest.raises(asyncpg.UniqueViolationError, match="event_id_once"):
        await append(as_notifier, pursuit, fact, time, id_=id_)
    assert len(await told(pursuit)) == 1


PERSON = Actor("person", UUID(int=7), "王芳", "marketer")


RESUMED = ProjectResumed(note="资金到位")
FORGED: dict[str, dict[str, Any]] = {
    "type": {"fact": RESUMED},
    "body": {"fact": RESUMED, "type": "follow_up.overdue"},
    "actor": {"actor": PERSON},
    "version": {"version": -1},
}


@pytest.mark.parametrize("forged", FORGED)
async def test_it_appends_nothing_else(
    world: World, as_notifier: asyncpg.Pool, time: Time, forged: str
) -> None:
    pursuit = Pursuit(world, await world.project())
    card = await pursuit.card()
    said = {"fact": overdue(time).fact, **FORGED[forged]}
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await append(as_notifier, pursuit, said.pop("fact"), time, **said)
    assert await pursuit.card() == card


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE genjin.project SET version = version",
        "INSERT INTO genjin.event SELECT * FROM genjin.event LIMIT 0",
        "DELETE FROM genjin.clock_look",
        "UPDATE genjin.follow_up SET due_on = due_on",
    ],
)
async def test_it_has_no_other_way(as_notifier: asyncpg.Pool, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await as_notifier.execute(statement)


async def test_the_api_does_not_tell_the_time(world: World) -> None:
    api = await asyncpg.connect(world.api.database.api_url)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await api.fetch(f"SELECT genjin_clock.tell({', '.join(['NULL'] * 11)})")
    await api.close()
