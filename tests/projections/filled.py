"""A database with rows in every projection, and the command line that rebuilds them."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
from typer.testing import CliRunner

from genjin_api.app import open_services
from genjin_api.command_line import cli
from genjin_api.installation import create_workspace
from genjin_api.subscriptions.creation import create_subscription
from genjin_api.subscriptions.decider import CreateSubscription
from tests.databases import Database
from tests.projects.histories_by_content import OF_EVERY_TABLE, a_story
from tests.projects.replay import replay
from tests.stakeholders.known import know_a_contact
from tests.subjects.registered import erase_with
from tests.world import api_settings


async def fill(database: Database) -> None:
    """Two workspaces: one with people, a key and a subscription, one with a project of long history."""
    async with open_services(api_settings(database)) as services:
        owner = await create_workspace(services, "测试", "陈建国", "Asia/Shanghai")
        command = CreateSubscription(url="https://example.com/hook", event_types=["*"])
        await create_subscription(services, owner.caller, command)
        await erase_with(services, owner.caller)
        await know_a_contact(services, owner.caller)
        await replay(services, a_story(OF_EVERY_TABLE, steps=120))


@dataclass(frozen=True, slots=True)
class Ended:
    exit_code: int
    out: str
    err: str


@dataclass(frozen=True, slots=True)
class Installation:
    """Whoever runs it, with the owner's login. Commands run in folder."""

    database: Database
    folder: Path

    async def projections(self, *arguments: str, url: str | None = None) -> Ended:
        """genjin-api projections …, in a thread of its own: a process would take a second to start."""
        environment = {"DATABASE_URL": url or self.database.admin_url, "COLUMNS": "200"}
        runner = CliRunner(env=environment)
        told = [self._in_folder(argument) for argument in arguments]
        ended = await asyncio.to_thread(runner.invoke, cli, ["projections", *told])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        return Ended(ended.exit_code, ended.stdout, ended.stderr)

    def _in_folder(self, argument: str) -> str:
        return str(self.folder / argument) if argument.endswith(".json") else argument

    async def start(self, *arguments: str) -> asyncio.subprocess.Process:
        """The same as a process, which can be killed."""
        environment = {**os.environ, "DATABASE_URL": self.database.admin_url}
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "genjin_api",
            "projections",
            *arguments,
            env=environment,
            cwd=self.folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )

    @asynccontextmanager
    async def owner(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await asyncpg.connect(self.database.admin_url)
        try:
            yield connection
        finally:
            await connection.close()

    async def execute(self, statement: str) -> None:
        async with self.owner() as connection:
            await connection.execute(statement)

    async def value(self, query: str, *arguments: Any) -> Any:
        async with self.owner() as connection:
            return await connection.fetchval(query, *arguments)

    async def tables(self) -> list[str]:
        """Every table of genjin."""
        query = "SELECT array_agg(tablename::text ORDER BY tablename) FROM pg_tables WHERE schemaname = 'genjin'"
        found: list[str] = await self.value(query)
        return found

    async def contents(self, table: str) -> str:
        """All its rows as text."""
        query = f"SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM genjin.{table} t"
        found: str = await self.value(query)
        return found
