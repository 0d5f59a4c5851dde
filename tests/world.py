"""A workspace for one test: people with keys, each with a client, and short words for what tests do over and over."""

import json
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from tests.api_process import ApiProcess

JUDGES = ("marketer", "dept_head", "sales_manager", "general_manager")


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    key: str
    client: httpx.AsyncClient

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(path, params=query or None)

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        return await self.client.post(
            path, json=body if body is not None else {}, headers=_headers(headers)
        )

    async def put(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.put(path, json=body, headers=_headers(headers))

    async def patch(self, path: str, body: Any, **headers: str) -> httpx.Response:
        return await self.client.patch(path, json=body, headers=_headers(headers))

    async def delete(self, path: str, **query: str) -> httpx.Response:
        return await self.client.delete(path, params=query or None)


def _headers(headers: dict[str, str]) -> dict[str, str]:
    """if_match="3" becomes If-Match: 3."""
    return {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass(frozen=True, slots=True)
class World:
    """owner runs the workspace; the four judges are members, as is outsider; auditor reads."""

    api: ApiProcess
    workspace_id: str
    owner: Person
    marketer: Person
    dept_head: Person
    sales_manager: Person
    general_manager: Person
    outsider: Person
    auditor: Person

    def judge(self, role: str) -> Person:
        person: Person = getattr(self, role)
        return person

    async def project(self, code: str = "XM-001", **header: str) -> str:
        """A project with its four roles held; its path."""
        body = {"code": code, "header": {"name": "滨海新区污水处理厂", **header}}
        made = await self.marketer.post("/v1/projects", body)
        assert made.status_code == 201, made.text
        path = f"/v1/projects/{made.json()['project']['id']}"
        for role in JUDGES:
            answer = await self.marketer.post(
                f"{path}/role-holders", {"role": role, "person_id": self.judge(role).id}
            )
            assert answer.status_code == 201, answer.text
        return path


@asynccontextmanager
async def make_world(api: ApiProcess) -> AsyncIterator[World]:
    made = _create_workspace(api)
    async with AsyncExitStack() as clients:

        async def person(identifier: str, name: str, key: str) -> Person:
            client = httpx.AsyncClient(
                base_url=api.url,
                headers={"Authorization": f"Bearer {key}"},
                trust_env=False,
                timeout=30,
            )
            return Person(identifier, name, key, await clients.enter_async_context(client))

        owner = await person(made["owner"], "陈建国", made["key"])

        async def added(name: str, workspace_role: str = "member") -> Person:
            answer = await owner.post(
                "/v1/people", {"name": name, "workspace_role": workspace_role}
            )
            assert answer.status_code == 201, (answer.text, api.log.read_text())
            identifier = answer.json()["person"]["id"]
            key = await owner.post("/v1/api-keys", {"person_id": identifier, "name": "test"})
            return await person(identifier, name, key.json()["secret"])

        yield World(
            api=api,
            workspace_id=made["workspace"],
            owner=owner,
            marketer=await added("王芳"),
            dept_head=await added("李强"),
            sales_manager=await added("赵敏"),
            general_manager=await added("孙总"),
            outsider=await added("吴外"),
            auditor=await added("周正", "auditor"),
        )


def _create_workspace(api: ApiProcess) -> dict[str, str]:
    """As whoever runs the installation does it."""
    command = [
        sys.executable,
        "-m",
        "genjin_api",
        "create-workspace",
        "--name",
        "测试",
        "--owner",
        "陈建国",
    ]
    done = subprocess.run(
        command, env=api.environment(), capture_output=True, text=True, timeout=60, check=True
    )
    made: dict[str, str] = json.loads(done.stdout)
    return made
