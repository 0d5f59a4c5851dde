"""Callers of the group commit: each appends to its own project, one event at a time."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import UUID

from genjin.event import Actor, Change, Fact, Stamp, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent
from genjin.log.group_commit import GroupCommit
from genjin.log.wakeup import Wakeup
from genjin.postgres import create_pool
from genjin.projects.events import HeaderChanged, ProjectCreated, TemplateReference
from genjin.settings import ApiSettings
from genjin.stages.events import StageEntered
from genjin_api.projects.evolving import evolve
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.api_process import SECRET_KEY

ACTOR = Actor("person", UUID(int=7), "王芳", "marketer")
NAMES = ("滨海新区污水处理厂二期", "滨海新区污水处理厂")

Once = Callable[[], Awaitable[None]]


@asynccontextmanager
async def group_commit(url: str) -> AsyncIterator[GroupCommit]:
    """As the API process has it, at its default settings."""
    settings = ApiSettings(secret_key=SECRET_KEY, api_database_url=url)  # type: ignore[arg-type]
    reading = await create_pool(url, "genjin_api", 2)
    appending = await create_pool(url, "genjin_api", settings.writer_connections)
    wakeup = Wakeup(reading)
    log = GroupCommit(
        appending,
        wakeup,
        batch_max=settings.append_batch_max,
        queue_max=settings.append_queue_max,
        timeout_seconds=settings.append_timeout_seconds,
    )
    try:
        yield log
    finally:
        await log.close()
        await wakeup.close()
        await appending.close()
        await reading.close()


class OneProject:
    """A caller that changes its own project: one event, folded, with the project's read-model row."""

    def __init__(self, log: GroupCommit, workspace_id: UUID) -> None:
        self._log = log
        self._workspace_id = workspace_id
        self._id = new_id()
        self._state: Project | None = None
        self._version = 0

    async def create(self) -> None:
        reference = TemplateReference(key="pursuit.8", version=1, body_hash="0" * 64)
        header = {"name": NAMES[0], "region": "天津", "department": "华北"}
        created = ProjectCreated(code=f"XM-{self._id}", template=reference, header=header)
        await self._append(
            [created, StageEntered(stage="contact", visit=1, from_stage=None)], changes=[]
        )

    async def change(self) -> None:
        before, after = NAMES[self._version % 2], NAMES[(self._version + 1) % 2]
        await self._append(
            [HeaderChanged(header={"name": after})], [Change("/header/name", before, after)]
        )

    async def _append(self, facts: list[Fact], changes: list[Change]) -> None:
        before, now = self._state, datetime.now(UTC)
        events = []
        for offset, fact in enumerate(facts, start=1):
            stamp = Stamp(new_id(), self._id, self._version + offset, now, ACTOR)
            self._state = evolve(self._state, fact, stamp)  # type: ignore[arg-type]
            events.append(NewEvent(stamp.event_id, fact, now, changes))
        assert self._state is not None
        request_id = str(new_id())
        command = Append(
            stream=stream_of("project", self._id),
            expected_version=self._version,
            actor=ACTOR,
            request_id=request_id,
            correlation_id=request_id,
            events=events,
            rows=PROJECT.rows(before, self._state),
        )
        result = await self._log.append(self._workspace_id, command)
        if not isinstance(result, Appended):
            raise RuntimeError(f"an append of the bench ended as {result}")
        self._version = result.version


async def new_project(log: GroupCommit, workspace_id: UUID) -> Once:
    project = OneProject(log, workspace_id)
    await project.create()
    return project.change
