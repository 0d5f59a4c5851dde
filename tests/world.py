"""A workspace for one test: people with keys, each with a client, and short words for what tests do over and over."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic import SecretStr

from genjin.settings import ApiSettings
from genjin_api.app import open_services
from genjin_api.installation import NewPerson, create_workspace
from tests.api_process import SECRET_KEY, ApiProcess
from tests.databases import Database

JUDGES = ("marketer", "dept_head", "sales_manager", "general_manager")


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    name: str
    key: str
    client: httpx.AsyncClient

    async def get(self, path: str, /, **query: Any) -> httpx.Response:
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

    async def project(
        self, code: str = "XM-001", occurred_at: str | None = None, **header: str
    ) -> str:
        """A project with its four roles held; its path. occurred_at: it was begun some time ago."""
        body = {
            "code": code,
            "header": {"name": "滨海新区污水处理厂", **header},
            "occurred_at": occurred_at,
        }
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
    made = await _create_workspace(api.database)
    async with AsyncExitStack() as clients:

        async def person(identifier: str, name: str, key: str) -> Person:
            client = httpx.AsyncClient(
                base_url=api.url,
                headers={"Authorization": f"Bearer {key}"},
                trust_env=False,
                verify=False,  # it speaks plain HTTP; reading the known authorities costs 50 ms
                timeout=30,
            )
            return Person(identifier, name, key, await clients.enter_async_context(client))

        owner = await person(str(made.caller.person_id), made.caller.name, made.key)

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
            workspace_id=str(made.caller.workspace_id),
            owner=owner,
            marketer=await added("王芳"),
            dept_head=await added("李强"),
            sales_manager=await added("赵敏"),
            general_manager=await added("孙总"),
            outsider=await added("吴外"),
            auditor=await added("周正", "auditor"),
        )


async def _create_workspace(database: Database) -> NewPerson:
    """Without the command line, which costs a second to start and has a test of its own."""
    async with open_services(api_settings(database)) as services:
        return await create_workspace(services, "测试", "陈建国", "Asia/Shanghai")


def api_settings(database: Database) -> ApiSettings:
    """Those of the API, for the few things that a test does without HTTP."""
    return ApiSettings(secret_key=SecretStr(SECRET_KEY), api_database_url=database.api_url)
