"""A body that was changed on disk long ago, an index that leaves events out: the notifier finds it by itself, and
works on.

Long ago: in a full tile. What comes after the last full tile, the sealer itself reads again when it begins.
"""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

import asyncpg

from tests.databases import Database
from tests.end_to_end.followed_log import followed_log
from tests.end_to_end.notifier_kills import at_work
from tests.notifier.receiver import until

FLIP = """
UPDATE genjin.event SET body = overlay(body placing '!' from 20 for 1) WHERE workspace_id = $1 AND position = 7
"""


DROP = "DELETE FROM genjin.event_tag WHERE workspace_id = $1 AND tag = 'role:marketer'"


async def test_a_byte_flipped_in_an_old_body_is_reported_and_new_events_are_sealed(
    fresh_database: Database, tmp_path: Path
) -> None:
    async with followed_log(fresh_database) as log:
        await log.write(calls=8)
        async with at_work(fresh_database, tmp_path):
            await until(log.is_sealed_to_its_end)
        superuser = await asyncpg.connect(fresh_database.admin_url)
        await superuser.execute("SET session_replication_role = replica")
        await superuser.execute(FLIP, log.workspace_id)
        await superuser.close()
        await log.write(calls=3)
        async with at_work(fresh_database, tmp_path):
            await until(lambda: reported(tmp_path, "log_damaged") != [])
            await log.write()
            await until(log.is_sealed_to_its_end)
        said = reported(tmp_path, "log_damaged")[0]
        assert said["workspace_id"] == str(log.workspace_id)
        assert "position 7: the leaf hash is not that of the event" in said["reason"]


async def test_postings_that_are_gone_halt_the_index_until_it_is_built_anew(
    fresh_database: Database, tmp_path: Path
) -> None:
    async with followed_log(fresh_database) as log:
        await log.write(calls=16)
        async with at_work(fresh_database, tmp_path):
            await until(log.is_followed_to_its_end)
        superuser = await asyncpg.connect(fresh_database.admin_url)
        assert await superuser.execute(DROP, log.workspace_id) != "DELETE 0"
        await superuser.close()
        async with at_work(fresh_database, tmp_path):
            await until(lambda: reported(tmp_path, "event_index_halted") != [])
            said = reported(tmp_path, "event_index_halted")[0]
            assert said["workspace_id"] == str(log.workspace_id)
            assert (said["tag"], said["trusted_position"]) == ("role:marketer", 0)
            assert said["reason"].startswith(f"position {said['position']}: ")
            program, *arguments = said["remedy"].split()
            assert program == "genjin-api"
            rebuild = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "genjin_api", *arguments),
                env={**os.environ, "DATABASE_URL": fresh_database.admin_url},
            )
            assert await rebuild.wait() == 0
            await log.write(calls=16)
            await until(log.is_followed_to_its_end)


def reported(folder: Path, event: str) -> list[dict[str, Any]]:
    lines = (folder / "notifier.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if f'"{event}"' in line]
