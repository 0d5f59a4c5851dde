"""Writes the golden events that are missing: python -m tests.golden.write

Run it when a fact is new, when its schema_version was raised, or when it was given an optional field. Each example
goes through the real log. A file that is there is never changed but for its shape, when optional fields were added.
"""

import asyncio
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID, uuid4

import asyncpg
import orjson

from genjin.catalog import FACTS
from genjin.event import Actor, Change, Fact, RecordedEvent, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.databases import copy_migrated, migrate_once
from tests.golden.examples import EXAMPLES
from tests.golden.files import Golden, extends, path_of, read, shape_of

ACTOR = Actor("person", UUID("019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"), "王芳", "marketer")


async def main() -> None:
    missing = [fact for fact in FACTS.values() if not path_of(*_key(fact)).exists()]
    for fact in FACTS.values():
        if fact not in missing:
            _extend(fact)
    if not missing:
        return
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder) / "data") as server:
        await migrate_once(server)
        connection = await asyncpg.connect((await copy_migrated(server)).admin_url)
        for fact in missing:
            await _write(connection, fact)
        await connection.close()


def _key(fact: type[Fact]) -> tuple[str, int]:
    return fact.type, fact.schema_version


def _extend(fact: type[Fact]) -> None:
    golden, shape = read(path_of(*_key(fact))), shape_of(fact)
    if shape != golden.shape and extends(golden.shape, shape):
        Golden(golden.event, golden.fact, shape).write()


async def _write(connection: asyncpg.Connection, fact: type[Fact]) -> None:
    example = fact.model_validate(EXAMPLES[fact.type])
    event = await _appended(connection, example)
    data = example.model_dump(mode="json", exclude_unset=True)
    Golden(orjson.loads(event.body), data, shape_of(fact)).write()


async def _appended(connection: asyncpg.Connection, fact: Fact) -> RecordedEvent:
    new = NewEvent(new_id(), fact, datetime.now(UTC), [Change("/field", None, "值")])
    command = Append(
        stream=stream_of(fact.type.partition(".")[0], new_id()),
        expected_version=0,
        actor=ACTOR,
        request_id="request-1",
        correlation_id="correlation-1",
        events=[new],
    )
    [result] = await append(connection, uuid4(), [command])
    assert isinstance(result, Appended)
    return result.events[0]


if __name__ == "__main__":
    asyncio.run(main())
