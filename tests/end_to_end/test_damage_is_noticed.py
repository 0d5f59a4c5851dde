"""A body that was changed on disk long ago: the notifier finds it by itself, and works on.

Long ago: in a full tile. What comes after the last full tile, the sealer itself reads again when it begins.
"""

import json
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
            await until(lambda: reported(tmp_path) != [])
            await log.write()
            await until(log.is_sealed_to_its_end)
        said = reported(tmp_path)[0]
        assert said["workspace_id"] == str(log.workspace_id)
        assert "position 7: the leaf hash is not that of the event" in said["reason"]


def reported(folder: Path) -> list[dict[str, Any]]:
    lines = (folder / "notifier.log").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if "log_damaged" in line]
