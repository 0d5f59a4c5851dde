"""Writes a workspace's log for the notifier's tests: short events on any project, and subscriptions."""

import base64
import os
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, Self
from uuid import UUID, uuid4

import asyncpg
from asyncpg.pool import PoolConnectionProxy

from genjin.event import Actor, Fact, RecordedEvent, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, NewEvent, append
from genjin.log.wakeup import CHANNEL
from genjin.sealing import seal

SECRET_KEY = bytes(range(32))
ACTOR = Actor("person", UUID(int=7), "Zhao Min", "project_manager")


class Noted(Fact):
    """What the notifier needs of a fact: that it has a type."""

    type: ClassVar[str] = "risk.reviewed"
    note: str


class ContactSaid(Fact):
    """Restricted, and of nobody: no key is needed to tell it."""

    type: ClassVar[str] = "contact.created"
    values: dict[str, str]


class Subscribed(Fact):
    type: ClassVar[str] = "webhook_subscription.created"
    url: str


class Resubscribed(Fact):
    type: ClassVar[str] = "webhook_subscription.changed"
    url: str


class Recovered(Fact):
    type: ClassVar[str] = "webhook_subscription.recovered"
    position: int


@dataclass(frozen=True)
class Registered:
    """A subscription as the test knows it."""

    id: UUID
    url: str
    secret: str
    event_types: tuple[str, ...]
    start_position: int
    active: bool
    version: int
    classes: tuple[str, ...] = ()


class LogWriter:
    def __init__(self, database: asyncpg.Pool) -> None:
        self.database = database
        self.workspace_id = uuid4()
        self._versions: dict[str, int] = defaultdict(int)
        self.position = 0

    @classmethod
    async def connect(cls, url: str) -> Self:
        return cls(await asyncpg.create_pool(url, min_size=1, max_size=2))

    async def note(self, project: str, count: int = 1, text: str = "") -> list[RecordedEvent]:
        """Append events of the project, as one commit."""
        return await self._append(f"project-{project}", [Noted(note=text)] * count, {})

    async def say(self, name: str) -> RecordedEvent:
        """Append an event whose values are told where the class `restricted` is granted."""
        [said] = await self._append(f"contact-{uuid4()}", [ContactSaid(values={"name": name})], {})
        return said

    def version(self, project: str) -> int:
        return self._versions[f"project-{project}"]

    async def subscribe(
        self,
        url: str,
        *event_types: str,
        active: bool = True,
        from_start: bool = False,
        classes: tuple[str, ...] = (),
    ) -> Registered:
        secret = "whsec_" + base64.b64encode(os.urandom(32)).decode()
        position = 0 if from_start else self.position
        types = event_types or ("risk.*",)
        made = Registered(new_id(), url, secret, types, position, active, 1, classes)
        await self._register(made, Subscribed(url=made.url))
        return made

    async def change(self, registered: Registered, **changes: Any) -> Registered:
        changed = replace(registered, **changes, version=registered.version + 1)
        await self._register(changed, Resubscribed(url=changed.url))
        return changed

    async def recover(self, registered: Registered, position: int) -> Registered:
        changed = replace(registered, start_position=position, version=registered.version + 1)
        await self._register(changed, Recovered(position=position))
        return changed

    async def read_on(self, registered: Registered) -> Registered:
        """After the notifier has written to the subscription's stream."""
        stream = stream_of("webhook_subscription", registered.id)
        row = await self.database.fetchrow(
            "SELECT max(version) FILTER (WHERE stream = $2), max(position) FROM genjin.event WHERE workspace_id = $1",
            self.workspace_id,
            stream,
        )
        assert row is not None
        self._versions[stream], self.position = row
        return replace(registered, version=row[0])

    async def attempts(self) -> list[dict[str, Any]]:
        rows = await self.database.fetch("SELECT * FROM genjin.delivery_attempt ORDER BY id")
        return [dict(row) for row in rows]

    async def cursor_is_at_the_end(self) -> bool:
        """That of every subscription."""
        position = await self.database.fetchval("SELECT min(position) FROM genjin.delivery_cursor")
        return bool(position == self.position)

    async def halts(self) -> list[dict[str, Any]]:
        rows = await self.database.fetch("SELECT * FROM genjin.delivery_halt ORDER BY halted_at")
        return [dict(row) for row in rows]

    async def put_back(
        self,
        position: int,
        streams: dict[str, int],
        *,
        grow: tuple[str, int] | None = None,
        lost: Registered | None = None,
    ) -> None:
        """As after a restore to where a commit ended, at which these streams had these versions. grow: in the same
        moment so many other events of a project come in their place. lost: what was changed of a subscription since
        it was this one.
        """
        async with self.database.acquire() as connection, connection.transaction():
            await connection.execute("SET LOCAL session_replication_role = replica")
            for table, column in (("event", "position"), ("commit", "last_position")):
                await connection.execute(
                    f"DELETE FROM genjin.{table} WHERE {column} > $1", position
                )
            self.position = position
            self._versions.update({f"project-{name}": count for name, count in streams.items()})
            if lost is not None:
                self._versions[stream_of("webhook_subscription", lost.id)] = lost.version
            if grow is not None:
                project, count = grow
                facts = [Noted(note="other")] * count
                await self._append(f"project-{project}", facts, {}, connection)

    async def _register(self, made: Registered, fact: Fact) -> None:
        now = datetime.now(UTC)
        row = {
            "id": made.id,
            "url": made.url,
            "event_types": list(made.event_types),
            "description": "",
            "active": made.active,
            "deleted": False,
            "start_position": made.start_position,
            "created_by": ACTOR.id,
            "version": made.version,
            "created_at": now,
            "updated_at": now,
            "phrase": None,
            "classes": list(made.classes),
            "disabled_because": None,
        }
        stream = stream_of("webhook_subscription", made.id)
        rows = {"webhook_subscription": [row]}
        if made.version == 1:
            sealed = seal(SECRET_KEY, made.secret, f"webhook-secret:{made.id}")
            rows["webhook_secret"] = [
                {"subscription_id": made.id, "sealed": sealed, "previous_until": None}
            ]
        await self._append(stream, [fact], rows)

    async def _append(
        self,
        stream: str,
        facts: Sequence[Fact],
        rows: dict[str, list[dict[str, Any]]],
        connection: PoolConnectionProxy | None = None,
    ) -> list[RecordedEvent]:
        events = [NewEvent(new_id(), fact, datetime.now(UTC), ()) for fact in facts]
        command = Append(
            stream=stream,
            expected_version=self._versions[stream],
            actor=ACTOR,
            request_id="req",
            correlation_id="cor",
            events=events,
            rows=rows,
        )
        writer = connection or self.database
        [result] = await append(writer, self.workspace_id, [command])
        assert isinstance(result, Appended), result
        self._versions[stream] = result.version
        self.position = result.position
        await writer.execute("SELECT pg_notify($1, $2)", CHANNEL, str(self.workspace_id))
        return list(result.events)

    async def close(self) -> None:
        await self.database.close()
