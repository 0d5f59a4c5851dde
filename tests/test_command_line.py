"""The API's command line, as whoever runs an installation uses it."""

import json
import subprocess
import sys

import httpx

from tests.api_process import ApiProcess

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
