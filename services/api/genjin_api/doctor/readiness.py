"""Readiness of a process that serves: the schema at every question, the doctor's fatal part once in a while."""

import time

import asyncpg

from genjin.settings import ApiSettings
from genjin_api.doctor.examination import examine, fatal_ones
from genjin_api.schema_version import schema_problem

KEPT_SECONDS = 5.0
UNREACHABLE = "the database does not answer"


class Readiness:
    """What was found wrong is looked at again at once; that all was well is believed for a while."""

    def __init__(self, database: asyncpg.Pool, settings: ApiSettings) -> None:
        self._database = database
        self._settings = settings
        self._well_until = 0.0

    async def problem(self) -> str | None:
        """None when the API may serve, else what is wrong."""
        if problem := await schema_problem(self._database):
            return problem
        if time.monotonic() < self._well_until:
            return None
        try:
            async with self._database.acquire() as connection:
                found = fatal_ones(await examine(connection, self._settings))
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            return UNREACHABLE
        if found:
            return "; ".join(finding.line() for finding in found)
        self._well_until = time.monotonic() + KEPT_SECONDS
        return None
