"""What the doctor finds on a database, by the name of the check."""

from typing import Any

import asyncpg
from pydantic import SecretStr

from genjin.settings import ApiSettings
from genjin_api.doctor.examination import examine_installation
from genjin_api.doctor.finding import Finding
from tests.api_process import SECRET_KEY


async def execute(url: str, *statements: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()


async def examined(url: str, **more: Any) -> dict[str, Finding]:
    settings = ApiSettings(secret_key=SecretStr(SECRET_KEY), api_database_url=url, **more)
    return {finding.name: finding for finding in await examine_installation(settings)}


def wrong(findings: dict[str, Finding]) -> dict[str, str]:
    """The level of every finding that is not ok. Backups cannot be seen, and no test makes any."""
    return {
        name: finding.level
        for name, finding in findings.items()
        if finding.level != "ok" and name != "backups"
    }
