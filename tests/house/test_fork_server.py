"""A forked service is a process like any other: with its own chance, its own end, and nothing of its neighbours."""

import asyncio
import json
import signal
from pathlib import Path

from tests import fork_server
from tests.api_process import ApiProcess
from tests.fork_server import fork
from tests.notifier.receiver import until

CREATE = ("create-workspace", "--name", "测试", "--owner", "陈建国")


async def test_no_two_draw_the_same_identifiers_and_keys(api: ApiProcess) -> None:
    drawn: set[str] = set()
    for number in (1, 2, 3):
        made = fork_server.run("genjin_api", *CREATE, env=api.environment())
        drawn.update(json.loads(made.stdout).values())
        assert len(drawn) == 3 * number


async def test_kill_9_ends_one_and_leaves_the_others(api: ApiProcess, tmp_path: Path) -> None:
    with (tmp_path / "notifier.log").open("wb") as out:
        environment = {**api.environment(), "TMPDIR": str(tmp_path)}
        doomed, other = (
            fork("genjin_notifier", env=environment, out=out, error=out) for _ in range(2)
        )
    try:
        await until(lambda: any(tmp_path.glob("*.heartbeat")))
        assert (doomed.returncode, other.returncode) == (None, None)
        doomed.kill()
        assert await asyncio.to_thread(doomed.wait, 20) == -signal.SIGKILL
        assert other.returncode is None
    finally:
        doomed.kill()
        other.send_signal(signal.SIGTERM)
        assert await asyncio.to_thread(other.wait, 20) == 0
