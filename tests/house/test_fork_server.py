"""A forked service is a process like any other: with its own chance, its own end, and nothing of its neighbours."""

import asyncio
import json
import signal
from pathlib import Path
from typing import IO

from tests import fork_server
from tests.api_process import ApiProcess
from tests.fork_server import Forked, fork
from tests.notifier.receiver import until

CREATE = ("create-workspace", "--name", "测试", "--owner", "陈建国")


async def test_no_two_draw_the_same_identifiers_and_keys(api: ApiProcess) -> None:
    drawn: set[str] = set()
    for number in (1, 2, 3):
        made = fork_server.run("genjin_api", *CREATE, env=api.environment())
        drawn.update(json.loads(made.stdout).values())
        assert len(drawn) == 3 * number


async def test_kill_9_ends_one_and_leaves_the_others(api: ApiProcess, tmp_path: Path) -> None:
    homes = [tmp_path / name for name in ("doomed", "other")]
    with (tmp_path / "notifier.log").open("wb") as out:
        doomed, other = (_notifier(api, home, out) for home in homes)
    try:
        # what has not taken its signals yet is ended by SIGTERM as any process is
        await until(lambda: all(any(home.glob("*.heartbeat")) for home in homes))
        assert (doomed.returncode, other.returncode) == (None, None)
        doomed.kill()
        assert await asyncio.to_thread(doomed.wait, 20) == -signal.SIGKILL
        assert other.returncode is None
    finally:
        doomed.kill()
        other.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(other.wait, 20) == 0


def _notifier(api: ApiProcess, home: Path, out: IO[bytes]) -> Forked:
    home.mkdir()
    environment = {**api.environment(), "TMPDIR": str(home)}
    return fork("genjin_notifier", env=environment, out=out, error=out)
