"""A request that will be refused, and the project on which it is asked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import httpx

from tests.pursuit import Pursuit
from tests.world import Person, World


@dataclass(frozen=True, slots=True)
class Ask:
    """One request, not sent yet."""

    person: Person
    method: str
    path: str
    body: dict[str, Any] = field(default_factory=dict)
    query: dict[str, str] = field(default_factory=dict)

    async def send(self) -> httpx.Response:
        json = self.body if self.method != "DELETE" else None
        return await self.person.client.request(
            self.method, self.path, json=json, params=self.query
        )


@dataclass(frozen=True, slots=True)
class Provocation:
    """How a code is provoked: bring is carried out first and succeeds, the Ask that it gives is refused with status.

    pointer is that of the field to blame, where one is.
    """

    status: int
    bring: Callable[[Pursuit], Awaitable[Ask]]
    pointer: str | None = None


async def new_pursuit(world: World) -> Pursuit:
    return Pursuit(world, await world.project(f"XM-{uuid4().hex[:12]}"))


def asked(pursuit: Pursuit, name: str, body: dict[str, Any], by: str = "marketer") -> Ask:
    """A POST to a part of the project."""
    return Ask(getattr(pursuit.world, by), "POST", f"{pursuit.path}/{name}", body)
