"""`make run` on a PostgreSQL of the person's own touches the database that the URL names, and nothing else."""

import asyncio
import threading
from pathlib import Path

import asyncpg
import pytest

from genjin_deploy.databases import create_database
from genjin_deploy.demo_database import ensure_demo_workspace, environment, prepare_database
from genjin_deploy.demo_file import DemoFile
from genjin_deploy.embedded_postgres import EmbeddedPostgres
from genjin_deploy.run_settings import RunSettings
from tests.databases import copy_migrated


async def test_the_services_come_in_by_the_url_and_no_password_is_changed(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = await copy_migrated(postgres)
    url = await create_database(postgres.dsn(), "crm")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("GENJIN_DATA", str(tmp_path))
    settings = RunSettings()
    urls = await asyncio.to_thread(prepare_database, settings, threading.Event(), url)
    assert urls == {"admin": url, "api": url, "notifier": url}
    connection = await asyncpg.connect(installed.api_url)
    await connection.close()


async def test_keys_of_another_database_are_forgotten_and_an_empty_one_gets_people(
    postgres: EmbeddedPostgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = await create_database(postgres.dsn(), "crm_demo")
    monkeypatch.setenv("DATABASE_URL", url)
    monkeypatch.setenv("GENJIN_DATA", str(tmp_path))
    settings = RunSettings()
    settings.logs.mkdir(parents=True)
    urls = await asyncio.to_thread(prepare_database, settings, threading.Event(), url)
    file = DemoFile(tmp_path / "demo.json")
    file.note_workspace('{"workspace": "of-another", "people": [{"key": "old"}]}')
    file.note_addresses({}, urls)
    arguments = (settings, threading.Event(), file, environment(settings, urls))
    await asyncio.to_thread(ensure_demo_workspace, *arguments)
    keys = [person["key"] for person in file.notes.people]
    assert len(keys) == 5
    assert "old" not in keys
    await asyncio.to_thread(ensure_demo_workspace, *arguments)
    assert [person["key"] for person in file.notes.people] == keys
