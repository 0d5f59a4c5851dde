"""A workspace's log with its sealer, and everything that an auditor takes away from it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg

from genjin.canonical import instant
from genjin.event import RecordedEvent
from genjin.evidence.edge import Edge
from genjin.evidence.events import LogKeyRotationRequested
from genjin.evidence.proofs import consistency_path, inclusion_path, tree_root
from genjin.evidence.verify import main, verifier_key
from genjin.identifiers import new_id
from genjin.log.append import NewEvent
from genjin.postgres import create_pool
from genjin.settings import NotifierSettings
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.sealer import Sealer
from tests.api_process import SECRET_KEY
from tests.databases import Database
from tests.log.log import Log, command, event


def notifier_settings(database: Database) -> NotifierSettings:
    url = database.notifier_url
    return NotifierSettings(secret_key=SECRET_KEY, notifier_database_url=url)  # type: ignore[arg-type]  # a SecretStr is made of it


async def seal_log(database: Database, workspace_id: UUID) -> None:
    """One checkpoint of a workspace's log, as the notifier makes it."""
    pool = await create_pool(database.notifier_url, "genjin_notifier", 2)
    await Sealer(notifier_settings(database), pool, LatestCheckpoints()).seal(workspace_id)
    await pool.close()


@dataclass
class SealedLog:
    """log is written in the rights of the API, sealed in those of the notifier, tampered with as superuser."""

    log: Log
    notifier_pool: asyncpg.Pool
    superuser: asyncpg.Connection
    appended: int = 0

    @property
    def workspace_id(self) -> UUID:
        return self.log.workspace_id

    @property
    def origin(self) -> str:
        return f"genjin/{self.workspace_id}"

    async def append(self, *sizes: int) -> None:
        """Commits of so many events each, one to a stream of its own."""
        for size in sizes:
            self.appended += 1
            stream, facts = f"stream-{self.appended}", [event(f"fact {n}") for n in range(size)]
            await self.log.append(command(stream, 0, events=facts))

    async def insert(self, count: int) -> None:
        """One commit of so many events, the log's first, put there without genjin.append, which is for fewer."""
        await self.superuser.execute(_INSERT, self.workspace_id, count)

    async def ask_for_rotation(self) -> None:
        self.appended += 1
        fact = LogKeyRotationRequested(reason="the yearly one")
        asked = NewEvent(new_id(), fact, event("").occurred_at, ())
        await self.log.append(command(f"log_key-{self.appended}", 0, events=[asked]))

    def sealer(self) -> Sealer:
        """That of a new term: it knows nothing but what is stored."""
        settings = notifier_settings(self.log.database)
        return Sealer(settings, self.notifier_pool, LatestCheckpoints())

    async def seal(self) -> None:
        await self.sealer().seal(self.workspace_id)

    async def checkpoints(self) -> list[asyncpg.Record]:
        query = "SELECT * FROM genjin.signed_checkpoint WHERE workspace_id = $1 ORDER BY size"
        rows: list[asyncpg.Record] = await self.superuser.fetch(query, self.workspace_id)
        return rows

    async def note(self) -> str:
        return str((await self.checkpoints())[-1]["note"])

    async def keys(self) -> list[asyncpg.Record]:
        query = "SELECT * FROM genjin.log_key WHERE workspace_id = $1 ORDER BY number"
        rows: list[asyncpg.Record] = await self.superuser.fetch(query, self.workspace_id)
        return rows

    async def first_key(self) -> str:
        key = (await self.keys())[0]
        return verifier_key(key["name"], key["public_key"])

    async def tamper(self, *statements: str) -> int:
        """As superuser, who is above grants and triggers; $1 is the workspace. How many rows were changed."""
        changed = 0
        async with self.superuser.transaction():
            await self.superuser.execute("SET LOCAL session_replication_role = replica")
            for statement in statements:
                status = await self.superuser.execute(statement, self.workspace_id)
                changed += int(status.rpartition(" ")[2])
        return changed

    async def consistency(self, first: int, second: int) -> dict[str, Any]:
        """As the API answers it."""
        notes = {row["size"]: row["note"] for row in await self.checkpoints()}
        place = self.log.pool, self.workspace_id
        return {
            "from": first,
            "to": second,
            "from_root": (await tree_root(*place, first)).hex(),
            "to_root": (await tree_root(*place, second)).hex(),
            "path": [each.hex() for each in await consistency_path(*place, first, second)],
            "from_checkpoint": notes.get(first),
            "to_checkpoint": notes.get(second),
        }

    async def inclusion(self, position: int, size: int) -> dict[str, Any]:
        """As the API answers it."""
        notes = {row["size"]: row["note"] for row in await self.checkpoints()}
        place = self.log.pool, self.workspace_id
        [leaf] = await self.superuser.fetch(
            "SELECT leaf_hash FROM genjin.event WHERE workspace_id = $1 AND position = $2",
            self.workspace_id,
            position,
        )
        return {
            "position": position,
            "leaf_index": position - 1,
            "leaf_hash": leaf["leaf_hash"].hex(),
            "size": size,
            "root": (await tree_root(*place, size)).hex(),
            "path": [each.hex() for each in await inclusion_path(*place, position, size)],
            "checkpoint": notes.get(size),
        }

    async def export(self, path: Path) -> Path:
        """The whole log as an export has it, written straight from the tables."""
        workspace = str(self.workspace_id)
        events = await self.superuser.fetch(
            "SELECT position, stream, version, type, body, leaf_hash FROM genjin.event"
            " WHERE workspace_id = $1 ORDER BY position",
            self.workspace_id,
        )
        commits = await self.superuser.fetch(
            "SELECT * FROM genjin.commit WHERE workspace_id = $1 ORDER BY last_position",
            self.workspace_id,
        )
        header = {
            "export": "genjin.log/1",
            "workspace_id": workspace,
            "first_position": 1,
            "last_position": events[-1]["position"],
            "filters": None,
            "exported_at": "2026-01-01T00:00:00.000000Z",
        }
        by_end = {commit["last_position"]: commit for commit in commits}
        lines = [_json(header)]
        for row in events:
            lines.append(RecordedEvent(*row).public_json())
            if commit := by_end.pop(row["position"], None):
                lines.append(_json({"commit": _commit(commit)}))
        lines += [_json({"commit": _commit(commit)}) for commit in by_end.values()]
        lines.append(_json({"end": await self._end(events)}))
        return _written(path, lines)

    async def _end(self, events: list[asyncpg.Record]) -> dict[str, Any]:
        edge = Edge()
        edge.add([row["leaf_hash"] for row in events])
        checkpoints = await self.checkpoints()
        return {
            "count": len(events),
            "last_position": events[-1]["position"],
            "root": edge.root().hex(),
            "checkpoint": checkpoints[-1]["note"] if checkpoints else None,
        }


# Events in the envelope, as genjin.append() makes them, and the commit that they make.
_INSERT = """
WITH made AS (
    INSERT INTO genjin.event (workspace_id, position, stream, version, id, type, schema_version, actor_id, occurred_at,
                              recorded_at, request_id, correlation_id, body, leaf_hash)
    SELECT $1::uuid, p, 'bulk', p, id, 'test.noted', 1, $1::uuid, '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z', 'r',
           'c', b.body, sha256('\\x00'::bytea || convert_to(b.body, 'UTF8'))
      FROM (SELECT p, gen_random_uuid() AS id FROM generate_series(1, $2::integer) AS p OFFSET 0) numbered
     CROSS JOIN LATERAL (
        SELECT '{"actor":{"id":"' || $1::uuid || '","name":"x","role":null,"type":"person"},"causation_id":null,'
            || '"changes":[],"correlation_id":"c","data":{},"id":"' || id
            || '","occurred_at":"2026-01-01T00:00:00.000000Z","position":' || p
            || ',"recorded_at":"2026-01-01T00:00:00.000000Z","request_id":"r","schema_version":1,"stream":"bulk",'
            || '"type":"test.noted","version":' || p || ',"workspace_id":"' || $1::uuid || '"}' AS body) b
    RETURNING position, leaf_hash
), genesis AS (
    SELECT sha256(convert_to('genjin.log ' || $1::uuid, 'UTF8')) AS hash
)
INSERT INTO genjin.commit
SELECT of_all.* FROM genesis CROSS JOIN LATERAL jsonb_populate_record(NULL::genjin.commit, jsonb_build_object(
    'workspace_id', $1::uuid, 'last_position', $2::integer, 'first_position', 1, 'stream', 'bulk',
    'recorded_at', '2026-01-01T00:00:00Z', 'previous_hash', genesis.hash,
    'hash', sha256(genesis.hash || int8send(1) || int8send($2::integer)
                   || (SELECT string_agg(leaf_hash, ''::bytea ORDER BY position) FROM made)))) of_all
"""


def _commit(row: asyncpg.Record) -> dict[str, Any]:
    return {
        "first_position": row["first_position"],
        "last_position": row["last_position"],
        "recorded_at": instant(row["recorded_at"]),
        "previous_hash": row["previous_hash"].hex(),
        "hash": row["hash"].hex(),
    }


def _written(path: Path, lines: list[str]) -> Path:
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def verify(*arguments: object) -> int:
    """Exit status of genjin-verify; what it says is on standard output."""
    return main([str(each) for each in arguments])
