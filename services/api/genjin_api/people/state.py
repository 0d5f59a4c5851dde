"""People and API keys as they stand."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.people.events import ApiKeyCreated, ApiKeyFact, ApiKeyRevoked, PersonFact


@dataclass(frozen=True, slots=True)
class Person:
    id: UUID
    name: str
    workspace_role: str
    created_at: datetime
    version: int
    active: bool = True


@dataclass(frozen=True, slots=True)
class ApiKey:
    id: UUID
    person_id: UUID
    name: str
    prefix: str
    created_at: datetime
    expires_at: datetime | None
    version: int
    revoked_at: datetime | None = None


def evolve_person(_person: Person | None, fact: PersonFact, stamp: Stamp) -> Person:
    return Person(stamp.stream_id, fact.name, fact.workspace_role, stamp.occurred_at, stamp.version)


def evolve_key(key: ApiKey | None, fact: ApiKeyFact, stamp: Stamp) -> ApiKey:
    match fact:
        case ApiKeyCreated():
            return ApiKey(
                id=stamp.stream_id,
                person_id=fact.person_id,
                name=fact.name,
                prefix=fact.prefix,
                created_at=stamp.occurred_at,
                expires_at=fact.expires_at,
                version=stamp.version,
            )
        case ApiKeyRevoked():
            assert key is not None, "a key is created before it is revoked"
            return replace(key, revoked_at=stamp.occurred_at, version=stamp.version)
        case _:
            assert_never(fact)
