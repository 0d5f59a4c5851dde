"""The two sides over HTTP: the API with a workspace and its projects, and the bare app with as many rows."""

import json
import subprocess
import sys
from asyncio import to_thread
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx

from genjin_deploy.databases import create_database
from genjin_deploy.ports import HOST, free_port
from tests.api_process import environment
from tests.bench.bare_http import TABLES
from tests.bench.ground import Ground, wait_until_listening
from tests.databases import Database

PROJECTS = 64
CONNECTIONS = 32
ROLE = "marketer"
HEADER = {"name": "滨海新区污水处理厂", "region": "天津"}


@dataclass(frozen=True, slots=True)
class ApiSide:
    """headers carry the credential of the workspace's owner, who holds the role marketer in every project."""

    port: int
    database: Database
    workspace_id: UUID
    headers: dict[str, str]
    projects: list[str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def shares(self) -> list[list[str]]:
        """The projects of each connection: no two write to the same one."""
        return [self.projects[index::CONNECTIONS] for index in range(CONNECTIONS)]


@dataclass(frozen=True, slots=True)
class BareSide:
    port: int
    projects: list[str]

    def shares(self) -> list[list[str]]:
        return [self.projects[index::CONNECTIONS] for index in range(CONNECTIONS)]


@asynccontextmanager
async def api_side(ground: Ground) -> AsyncIterator[ApiSide]:
    database = await ground.database()
    port = free_port()
    variables = {**environment(database), "GENJIN_PORT": str(port)}
    owner = await to_thread(_create_workspace, variables)
    headers = {"Authorization": f"Bearer {owner['key']}"}
    with ground.process("genjin_api", variables) as process:
        await wait_until_listening(process, port)
        projects = await _create_projects(port, headers, owner["owner"])
        yield ApiSide(port, database, UUID(owner["workspace"]), headers, projects)


@asynccontextmanager
async def bare_side(ground: Ground, name: str, card: str) -> AsyncIterator[BareSide]:
    """In a database of this name, with the card as the body of every project."""
    url = await create_database(ground.postgres.dsn(), name)
    projects = [uuid4() for _ in range(PROJECTS)]
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(TABLES)
        rows = [(project, card) for project in projects]
        await connection.executemany("INSERT INTO project VALUES ($1, $2)", rows)
    finally:
        await connection.close()
    port = free_port()
    variables = {"BARE_DATABASE_URL": url, "BARE_PORT": str(port)}
    with ground.process("tests.bench.bare_http", variables) as process:
        await wait_until_listening(process, port)
        yield BareSide(port, [str(project) for project in projects])


async def a_card(api: ApiSide) -> str:
    """A project as the API shows it."""
    async with httpx.AsyncClient(base_url=api.url, headers=api.headers, trust_env=False) as client:
        answer = await client.get(f"/v1/projects/{api.projects[0]}")
        answer.raise_for_status()
        return answer.text


def _create_workspace(variables: dict[str, str]) -> dict[str, str]:
    command = [sys.executable, "-m", "genjin_api", "create-workspace"]
    command += ["--name", "测量", "--owner", "陈建国"]
    done = subprocess.run(command, env=variables, capture_output=True, timeout=60)
    if done.returncode != 0:
        raise RuntimeError(f"no workspace could be made:\n{done.stderr.decode()[-2000:]}")
    made: dict[str, str] = json.loads(done.stdout)
    return made


async def _create_projects(port: int, headers: dict[str, str], owner_id: str) -> list[str]:
    projects = []
    url = f"http://{HOST}:{port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, trust_env=False) as client:
        for number in range(1, PROJECTS + 1):
            body = {"code": f"XM-{number:03}", "header": HEADER}
            made = await client.post("/v1/projects", json=body)
            made.raise_for_status()
            project = made.json()["project"]["id"]
            holder = {"role": ROLE, "person_id": owner_id}
            held = await client.post(f"/v1/projects/{project}/role-holders", json=holder)
            held.raise_for_status()
            projects.append(project)
    return projects
