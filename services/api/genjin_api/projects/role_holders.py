"""Who holds which role in a project, as it stands after its events."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from genjin.projects.events import RoleAssigned, RoleReleased


@dataclass(frozen=True, slots=True)
class RoleHolder:
    person_id: UUID
    person_name: str


RoleHolders = Mapping[str, tuple[RoleHolder, ...]]


def after_role(holders: RoleHolders, fact: RoleAssigned | RoleReleased) -> RoleHolders:
    others = tuple(one for one in holders.get(fact.role, ()) if one.person_id != fact.person_id)
    if isinstance(fact, RoleAssigned):
        return {**holders, fact.role: (*others, RoleHolder(fact.person_id, fact.person_name))}
    remaining = {role: held for role, held in holders.items() if role != fact.role}
    return {**remaining, fact.role: others} if others else remaining


def renamed_holders(holders: RoleHolders, roles: Mapping[str, str]) -> RoleHolders:
    """roles maps old keys to new ones. Two roles that become one have the holders of both, each once."""
    renamed: dict[str, tuple[RoleHolder, ...]] = {}
    for role, holding in holders.items():
        there = renamed.get(roles.get(role, role), ())
        known = {holder.person_id for holder in there}
        more = (holder for holder in holding if holder.person_id not in known)
        renamed[roles.get(role, role)] = (*there, *more)
    return renamed
