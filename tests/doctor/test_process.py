"""The doctor's command, and the API that does not serve where something fatal was found."""

import asyncio
import json
import os
import subprocess
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from genjin_api.command_line import cli
from genjin_deploy.ports import free_port
from tests import fork_server
from tests.api_process import ApiProcess, api_process, environment
from tests.databases import Database
from tests.doctor.examining import execute


def run(database: Database, *arguments: str) -> subprocess.CompletedProcess[str]:
    settings = {"GENJIN_PORT": str(free_port()), "COLUMNS": "300"}
    return fork_server.run("genjin_api", *arguments, env={**environment(database), **settings})


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        ("ALTER DATABASE {database} SET synchronous_commit = off", "synchronous_commit"),
        ("GRANT DELETE ON genjin.event TO genjin_api", "log_rights"),
        ("UPDATE genjin.alembic_version SET version_num = '0001'", "schema_version"),
    ],
)
async def test_the_api_refuses_to_start_and_says_why(
    fresh_database: Database, fault: str, name: str
) -> None:
    database = fresh_database.admin_url.rpartition("/")[2]
    await execute(fresh_database.admin_url, fault.format(database=database))
    ended = await asyncio.to_thread(run, fresh_database, "serve")
    assert ended.returncode == 1
    assert [line.partition(":")[0] for line in ended.stderr.splitlines()[1:]] == [name]


async def test_the_api_refuses_to_start_without_a_database(fresh_database: Database) -> None:
    nowhere = f"127.0.0.1:{free_port()}"
    address = fresh_database.api_url.rpartition("@")[2].partition("/")[0]
    url = fresh_database.api_url.replace(address, nowhere)
    ended = await asyncio.to_thread(run, Database("", url, ""), "serve")
    assert ended.returncode == 1
    assert "connection:" in ended.stderr
    assert "Traceback" not in ended.stderr


async def test_the_doctor_prints_reason_and_remedy_and_exits_by_the_worst(
    fresh_database: Database,
) -> None:
    assert (await doctor(fresh_database, "--json")).exit_code == 0
    await execute(fresh_database.admin_url, "GRANT DELETE ON genjin.event TO genjin_api")
    told = await doctor(fresh_database, "--json")
    assert told.exit_code == 1
    document = json.loads(told.stdout)
    assert document["level"] == "fatal"
    [finding] = [one for one in document["findings"] if one["level"] == "fatal"]
    assert finding["name"] == "log_rights"
    assert "DELETE on event" in finding["reason"]
    assert "REVOKE" in finding["remedy"]
    table = await doctor(fresh_database)
    assert table.exit_code == 1
    assert finding["reason"] in table.stdout
    assert finding["remedy"] in table.stdout


async def doctor(database: Database, *arguments: str) -> Result:
    """genjin-api doctor, in a thread: a process would take a second to start."""
    runner = CliRunner(env={**environment(database), "COLUMNS": "300"})
    return await asyncio.to_thread(runner.invoke, cli, ["doctor", *arguments])


async def test_readiness_tells_what_became_wrong_while_it_serves(
    fresh_database: Database, tmp_path: Path
) -> None:
    async with api_process(fresh_database, tmp_path / "api.log") as api:
        fault = "ALTER TABLE genjin.event DISABLE TRIGGER insert_only"
        await execute(fresh_database.admin_url, fault)
        answer = await until(api, 503)
        assert answer["reason"].startswith("log_guard: ")
        await execute(fresh_database.admin_url, fault.replace("DISABLE", "ENABLE"))
        assert await until(api, 200) == {"status": "ok"}


async def until(api: ApiProcess, status: int) -> dict[str, str]:
    async with httpx.AsyncClient(base_url=api.url, trust_env=False) as client:
        for _ in range(300):
            answer = await client.get("/readyz")
            if answer.status_code == status:
                found: dict[str, str] = answer.json()
                return found
            await asyncio.sleep(0.1)
    raise AssertionError(f"readiness did not become {status}: {os.fspath(api.log)}")
