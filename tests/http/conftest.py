"""One workspace with one project for all tests of the HTTP door; requests that are refused leave it as it is."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.api_process import ApiProcess
from tests.http import openapi
from tests.http.openapi import Operation
from tests.world import World, make_world


@pytest.fixture(scope="session")
async def house(api: ApiProcess) -> AsyncIterator[World]:
    async with make_world(api) as made:
        yield made


@pytest.fixture(scope="session")
async def project(house: World) -> str:
    """The path of a project whose roles are held."""
    return await house.project("XM-HTTP")


@pytest.fixture(scope="session")
async def document(api: ApiProcess) -> dict[str, Any]:
    """The OpenAPI document that the API serves."""
    async with httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=30) as client:
        read: dict[str, Any] = (await client.get("/openapi.json")).json()
        return read


@pytest.fixture(scope="session")
async def operations(document: dict[str, Any]) -> list[Operation]:
    return openapi.operations(document)
