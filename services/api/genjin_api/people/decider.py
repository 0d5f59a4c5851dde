"""Commands on the people of a workspace and their API keys."""

from uuid import UUID

from pydantic import Field

from genjin.people.events import ApiKeyCreated, ApiKeyRevoked, PersonAdded, WorkspaceRole
from genjin_api.acting import Caller, Decided, Decision, Moment
from genjin_api.fields import Command, Instant, Line, example
from genjin_api.people.state import ApiKey
from genjin_api.refusal import Refusal, field_refusal, not_found


class AddPerson(Command):
    model_config = example(
        name="王芳",
        workspace_role="member",
    )

    name: Line
    workspace_role: WorkspaceRole = "member"


class CreateApiKey(Command):
    """For oneself; owners and admins make keys for others too."""

    model_config = example(
        person_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        name="CRM 同步",
    )

    person_id: UUID
    name: Line = Field(examples=["CRM 同步"])
    expires_at: Instant | None = None


def add(command: AddPerson, caller: Caller | None) -> Decision:
    """caller is None when an installation makes a workspace's first owner."""
    if caller and command.workspace_role == "owner" and caller.workspace_role != "owner":
        return Refusal("role_not_allowed", "only an owner makes another owner")
    return Decided([PersonAdded(name=command.name, workspace_role=command.workspace_role)])


def create_key(
    command: CreateApiKey,
    prefix: str,
    person_role: WorkspaceRole | None,
    caller: Caller,
    moment: Moment,
) -> Decision:
    """person_role is that of the active person whom the key is for; None: there is none."""
    if person_role is None:
        return field_refusal(
            "unknown_person", "/person_id", f"no active person {command.person_id}"
        )
    if command.person_id != caller.person_id and not caller.administers:
        return Refusal("role_not_allowed", "only owners and admins make keys for others")
    if person_role == "owner" and caller.workspace_role != "owner":
        return Refusal("role_not_allowed", "only an owner makes a key for an owner")
    if command.expires_at is not None and command.expires_at <= moment.now:
        return field_refusal("field_invalid", "/expires_at", "must be in the future")
    fact = ApiKeyCreated(
        person_id=command.person_id,
        name=command.name,
        prefix=prefix,
        expires_at=command.expires_at,
    )
    return Decided([fact])


def revoke_key(key: ApiKey | None, key_id: UUID, reason: str, caller: Caller) -> Decision:
    if key is None or (key.person_id != caller.person_id and not caller.administers):
        return not_found("API key", key_id)
    if key.revoked_at is not None:
        return Refusal("key_already_revoked", "the key was revoked before")
    return Decided([ApiKeyRevoked(reason=reason)])
