"""The export of a damaged log: what is sound comes out, says that it was cut short, and verifies as such."""

import asyncio
import subprocess
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import pytest

from genjin_api.transfer.reading import DamagedExportError
from tests import fork_server
from tests.databases import Database
from tests.evidence.sealed_log import seal_log, verify
from tests.feed.steps import record
from tests.http.asserting import newest_position
from tests.transfer.files import bring_in, export_from, export_of, parsed
from tests.world import World

FLIP = """
UPDATE genjin.event SET body = overlay(body placing '!' from 20 for 1) WHERE workspace_id = $1 AND position = $2
"""
DROP = "DELETE FROM genjin.event WHERE workspace_id = $1 AND position = $2"


async def tamper(world: World, statement: str, position: int) -> None:
    superuser = await asyncpg.connect(world.api.database.admin_url)
    try:
        await superuser.execute("SET session_replication_role = replica")
        assert await superuser.execute(statement, UUID(world.workspace_id), position) in (
            "UPDATE 1",
            "DELETE 1",
        )
    finally:
        await superuser.close()


def first_key(note: str) -> str:
    """Of the file of keys that the API answers with."""
    found: str = orjson.loads(note)["items"][0]["verifier_key"]
    return found


async def run(world: World, *arguments: str) -> subprocess.CompletedProcess[str]:
    return await asyncio.to_thread(
        fork_server.run, "genjin_api", *arguments, env=world.api.environment()
    )


async def test_what_stands_before_the_damage_is_exported_and_verifies_as_cut_short(
    world: World,
    tmp_path: Path,
    fresh_database: Database,
    capsys: pytest.CaptureFixture[str],
) -> None:
    project = await world.project()
    await record(world, project, *map(str, range(5)))
    await seal_log(world.api.database, UUID(world.workspace_id))
    key = first_key((await world.owner.get("/v1/log/keys")).text)
    sealed = await newest_position(world)
    last = await record(world, project, *map(str, range(5)))
    whole = parsed(await export_of(world.owner))
    bad = sealed + 4
    await tamper(world, FLIP, bad)
    reason = "the leaf hash is not that of the event"

    path = tmp_path / "sound.jsonl"
    ended = await run(world, "export", world.workspace_id, str(path))
    assert ended.returncode == 1
    assert f"position {bad}: {reason}" in ended.stderr and str(path) in ended.stderr
    lines = parsed(path.read_bytes())
    by_position = [line for line in whole if line.get("position", bad) < bad]
    assert [line for line in lines if "leaf_hash" in line] == by_position
    said = lines[-1]["cut_short"]
    assert (said["count"], said["last_position"], said["position"]) == (bad - 1, bad - 1, bad)
    over_http = parsed(await export_of(world.auditor))
    assert over_http[1:] == lines[1:]

    assert verify("export", path, "--key", key) == 3
    told = capsys.readouterr().out
    assert f"{bad - 1} events" in told
    assert f"CUT SHORT: the log goes to {last}, but it is damaged behind {bad - 1}:" in told
    assert f"position {bad}: {reason}" in told
    assert f"signed by the log's key: the checkpoints {sealed}" in told
    with pytest.raises(DamagedExportError, match=f"cut short.*position {bad}: {reason}"):
        await bring_in(fresh_database, path.read_bytes(), tmp_path)


async def test_any_cut_short_line_that_is_not_of_what_is_there_fails(
    world: World, tmp_path: Path
) -> None:
    last = await record(world, await world.project(), "一", "二") - 1
    await tamper(world, DROP, last)
    *lines, end = (await export_from(world.api.database, UUID(world.workspace_id))).splitlines()
    changes: list[dict[str, Any]] = [
        {"count": last},
        {"last_position": last},
        {"position": last + 1},
        {"root": "00" * 32},
        {"reason": ""},
        {"reason": " \n"},
        {"reason": None},
        {"reason": 7},
        {},
    ]
    for change in changes:
        changed = orjson.dumps({"cut_short": {**orjson.loads(end)["cut_short"], **change}})
        path = tmp_path / "changed"
        path.write_bytes(b"\n".join([*lines, changed, b""]))
        assert verify("export", path) == (1 if change else 3), change
        path.write_bytes(b"\n".join([*lines[:-2], changed, b""]))
        assert verify("export", path) == 1


async def test_a_filtered_export_is_cut_short_too(world: World, tmp_path: Path) -> None:
    last = await record(world, await world.project(), "一", "二")
    await tamper(world, FLIP, last)
    export = await export_of(world.owner, phrase="type:actual.*,stage.*")
    said = parsed(export)[-1]["cut_short"]
    assert (said["position"], said["count"]) == (last, len(parsed(export)) - 2)
    path = tmp_path / "filtered"
    path.write_bytes(export)
    assert verify("export", path) == 3
