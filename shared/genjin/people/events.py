"""Facts of the people of a workspace and of their API keys (streams person-<id> and api_key-<id>).

A key's secret is not a fact: the log never forgets. Its hash stands in the api_key table alone.
"""

from datetime import datetime
from typing import ClassVar, Literal
from uuid import UUID

from genjin.event import Fact

WorkspaceRole = Literal["owner", "admin", "auditor", "member"]


class PersonAdded(Fact):
    type: ClassVar[str] = "person.added"
    name: str
    workspace_role: WorkspaceRole


class ApiKeyCreated(Fact):
    type: ClassVar[str] = "api_key.created"
    person_id: UUID
    name: str
    prefix: str
    expires_at: datetime | None


class ApiKeyRevoked(Fact):
    type: ClassVar[str] = "api_key.revoked"
    reason: str


PersonFact = PersonAdded
ApiKeyFact = ApiKeyCreated | ApiKeyRevoked
