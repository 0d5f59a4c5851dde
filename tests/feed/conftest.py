"""An API whose live streams show signs of life often and give up on stalled clients soon."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.api_process import ApiProcess, api_process
from tests.databases import copy_migrated
from tests.feed.steps import SETTINGS
from tests.world import World, make_world


@pytest.fixture(scope="session")
async def feed_api(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[ApiProcess]:
    database = await copy_migrated(postgres)
    log: Path = tmp_path_factory.mktemp("feed") / "api.log"
    async with api_process(database, log, **SETTINGS) as process:
        yield process


@pytest.fixture
async def world(feed_api: ApiProcess) -> AsyncIterator[World]:
    async with make_world(feed_api) as made:
        yield made
