"""The API's command line, as whoever runs an installation uses it."""

import asyncio
import json
import signal
import subprocess
import sys
from pathlib import Path

import httpx

from genjin_deploy.ports import free_port
from tests.api_process import ApiProcess, ready

CREATE = [sys.executable, "-m", "genjin_api", "create-workspace", "--name", "测试"]


def _create(api: ApiProcess, *more: str) -> subprocess.CompletedProcess[str]:
    command = [*CREATE, "--owner", "陈建国", *more]
    return subprocess.run(
        command, env=api.environment(), capture_output=True, text=True, timeout=60, check=False
    )


async def test_a_workspace_is_made_with_a_key_that_lets_its_owner_in(api: ApiProcess) -> None:
    made = json.loads(_create(api).stdout)
    headers = {"Authorization": f"Bearer {made['key']}"}
    async with httpx.AsyncClient(base_url=api.url, headers=headers, trust_env=False) as client:
        me = (await client.get("/v1/me")).json()
        workspace = (await client.get("/v1/workspace")).json()
    assert me == {
        "id": made["owner"],
        "name": "陈建国",
        "workspace_role": "owner",
        "workspace_id": made["workspace"],
    }
    assert (workspace["name"], workspace["time_zone"]) == ("测试", "Asia/Shanghai")


async def test_a_time_zone_that_does_not_exist_makes_no_workspace(api: ApiProcess) -> None:
    refused = _create(api, "--time-zone", "Asia/Nowhere")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Nowhere" in refused.stderr


async def test_python_m_genjin_api_serves_until_sigterm(api: ApiProcess, tmp_path: Path) -> None:
    """As it is started in production; other tests fork theirs (tests/fork_server.py)."""
    port = free_port()
    log = tmp_path / "api.log"
    with log.open("wb") as out:
        served = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "genjin_api"),
            env={**api.environment(), "GENJIN_PORT": str(port)},
            stdout=out,
            stderr=out,
        )
    try:
        await ready(f"http://127.0.0.1:{port}", served, log)
    finally:
        served.send_signal(signal.SIGTERM)
        ended = await asyncio.wait_for(served.wait(), 20)
    assert ended == -signal.SIGTERM  # in order, and as whoever asked for it expects
