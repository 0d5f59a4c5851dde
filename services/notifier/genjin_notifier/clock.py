"""Watches the clock: a day comes, and what has crossed a limit of time by it is told in the project's own stream, once.

That a crossing is told once does not rest on this process being the only one. What is found of a project is appended at
the version at which it was found, so of two who find the same one comes too late; and the id of an event is made of
what it tells, so the log itself says what was told, also after a restart, a restore or an import.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

import asyncpg
import structlog

from genjin.clock.crossings import CLOCK, Crossing, is_rhythmic, of_rhythm
from genjin.clock.past import life_of_project
from genjin.event import stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, NewEvent, body_texts
from genjin.log.wakeup import Wakeup
from genjin.postgres import DATABASE_ERRORS
from genjin.working_days import WorkingDays
from genjin_notifier.clock_reading import (
    OpenProject,
    Workspace,
    due_in,
    projects_to_look_at,
    told_among,
    workspaces,
)
from genjin_notifier.clock_templates import ClockTemplates

PROJECTS_AT_ONCE = 100
EVENTS_AT_ONCE = 100
COMPLAINTS_MAX = 1000
_NOBODY = UUID(int=0)

# Whoever runs into one of these would do so with the next project too.
_LOST = (OSError, asyncpg.InterfaceError, asyncpg.PostgresConnectionError)

_APPEND = "SELECT genjin_clock.tell($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"

# That projects were looked at.
_LOOKED = """
INSERT INTO genjin.clock_look (workspace_id, project_id, version, day)
SELECT $1, looked.*, $4 FROM unnest($2::uuid[], $3::int[]) AS looked
ON CONFLICT (workspace_id, project_id) DO UPDATE SET (version, day) = ROW(excluded.version, excluded.day)
"""

_log = structlog.get_logger(__name__)


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class _Look:
    """At projects of a workspace, on a day of its own."""

    workspace: Workspace
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.workspace.zone).date()


class Clock:
    """Runs until it is cancelled. A project that cannot be looked at is logged and costs the others nothing."""

    def __init__(
        self,
        database: asyncpg.Pool,
        pause_seconds: float,
        working_days: WorkingDays,
        now: Callable[[], datetime] = utc_now,
    ) -> None:
        self._database = database
        self._pause_seconds = pause_seconds
        self._working_days = working_days
        self._now = now
        self._templates = ClockTemplates(database)
        self._wakeup = Wakeup(database)
        self._complaints: dict[UUID, str] = {}

    async def run(self) -> None:
        try:
            while True:
                try:
                    await self.look()
                except DATABASE_ERRORS as error:  # whether the database is lost, the lock will say
                    _log.warning("clock_waits", reason=f"{type(error).__name__}: {error}")
                await asyncio.sleep(self._pause_seconds)
        finally:
            await self._wakeup.close()

    async def look(self) -> None:
        """At every project that runs and was not looked at today as it stands now."""
        for identifier, zone in await workspaces(self._database):
            try:
                look = _Look(Workspace(identifier, ZoneInfo(zone)), self._now())
                await self._look_at_all(look)
            except DATABASE_ERRORS:
                raise
            except Exception as error:
                self._complain(identifier, identifier, error)

    async def _look_at_all(self, look: _Look) -> None:
        after = _NOBODY
        while page := await projects_to_look_at(
            self._database, look.workspace.id, after, look.today, PROJECTS_AT_ONCE
        ):
            await self._look_at_page(look, page)
            after = page[-1].id

    async def _look_at_page(self, look: _Look, page: Sequence[OpenProject]) -> None:
        workspace_id = look.workspace.id
        due = await due_in(self._database, workspace_id, [one.id for one in page], look.today)
        looked: list[tuple[UUID, int]] = []
        for project in page:
            try:
                version = await self._look_at(look, project, due.get(project.id, ()))
            except _LOST:
                raise
            except Exception as error:
                self._complain(workspace_id, project.id, error)
                continue
            self._complaints.pop(project.id, None)
            if version is not None:
                looked.append((project.id, version))
        if looked:
            ids, versions = zip(*looked, strict=True)
            await self._database.execute(_LOOKED, workspace_id, ids, versions, look.today)

    async def _look_at(
        self, look: _Look, project: OpenProject, due: Sequence[Crossing]
    ) -> int | None:
        """The version of the project after all was told; None when it has moved on meanwhile."""
        found = {one.event_id(project.id): one for one in (*due, *await self._of(look, project))}
        told = await told_among(self._database, look.workspace.id, found.keys())
        untold = [(event_id, one) for event_id, one in found.items() if event_id not in told]
        version = project.version
        for start in range(0, len(untold), EVENTS_AT_ONCE):
            part = untold[start : start + EVENTS_AT_ONCE]
            events = [NewEvent(event_id, one.fact, look.now, ()) for event_id, one in part]
            if not await self._append(look.workspace.id, project.id, version, events):
                return None
            version += len(events)
        return version

    async def _of(self, look: _Look, project: OpenProject) -> list[Crossing]:
        """The limits that the project's template sets."""
        key, version = project.template_key, project.template_version
        template = await self._templates.version(look.workspace.id, key, version)
        if not is_rhythmic(template, project.stage):
            return []
        workspace = look.workspace
        life = await life_of_project(self._database, workspace.id, workspace.zone, project.id)
        return list(of_rhythm(life, template, look.today, self._working_days))

    async def _append(
        self, workspace_id: UUID, project_id: UUID, version: int, events: Sequence[NewEvent]
    ) -> bool:
        request_id = str(new_id())
        command = Append(
            stream=stream_of("project", project_id),
            expected_version=version,
            actor=CLOCK,
            request_id=request_id,
            correlation_id=request_id,
            events=events,
        )
        texts = list(body_texts(command))
        appended: bool = await self._database.fetchval(
            _APPEND,
            workspace_id,
            project_id,
            version,
            CLOCK.id,
            request_id,
            [event.id for event in events],
            [event.fact.type for event in events],
            [event.fact.schema_version for event in events],
            [event.occurred_at for event in events],
            [head for head, _ in texts],
            [tail for _, tail in texts],
        )
        if appended:
            self._wakeup.ring(workspace_id)
        return appended

    def _complain(self, workspace_id: UUID, about: UUID, error: Exception) -> None:
        """Once per project, or workspace, and reason, for each look comes here again."""
        reason = f"{type(error).__name__}: {error}"
        if self._complaints.get(about) == reason:
            return
        if len(self._complaints) >= COMPLAINTS_MAX:
            self._complaints.clear()
        self._complaints[about] = reason
        _log.warning(
            "clock_cannot_look", workspace_id=str(workspace_id), about=str(about), reason=reason
        )
