"""People and API keys: genjin.person, genjin.api_key."""

from collections.abc import Collection
from uuid import UUID

from genjin.log.reading import Reading
from genjin_api.people.state import ApiKey, Person, evolve_key, evolve_person
from genjin_api.streams import Rows, StreamKind


def person_rows(_before: Person | None, after: Person) -> Rows:
    return {
        "person": [
            {
                "id": after.id,
                "name": after.name,
                "workspace_role": after.workspace_role,
                "active": after.active,
                "version": after.version,
                "created_at": after.created_at,
            }
        ]
    }


def key_rows(_before: ApiKey | None, after: ApiKey) -> Rows:
    return {
        "api_key": [
            {
                "id": after.id,
                "person_id": after.person_id,
                "name": after.name,
                "prefix": after.prefix,
                "created_at": after.created_at,
                "expires_at": after.expires_at,
                "revoked_at": after.revoked_at,
                "version": after.version,
            }
        ]
    }


PERSON = StreamKind(
    noun="person", evolve=evolve_person, rows=person_rows, version=lambda person: person.version
)
API_KEY = StreamKind(
    noun="api_key", evolve=evolve_key, rows=key_rows, version=lambda key: key.version
)

# People in the order of their coming, after $2.
PEOPLE = """
SELECT id, name, workspace_role, active, created_at FROM genjin.person
 WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2) ORDER BY id LIMIT $3
"""

ONE_PERSON = """
SELECT id, name, workspace_role, active, created_at FROM genjin.person WHERE workspace_id = $1 AND id = $2
"""

ACTIVE_ROLE = (
    "SELECT workspace_role FROM genjin.person WHERE workspace_id = $1 AND id = $2 AND active"
)

# Keys in the order of their making, after $2; $3 narrows to one person's.
API_KEYS = """
SELECT id, person_id, name, prefix, created_at, expires_at, revoked_at FROM genjin.api_key
 WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR person_id = $3)
 ORDER BY id LIMIT $4
"""

_NAMES = "SELECT id, name FROM genjin.person WHERE workspace_id = $1 AND id = ANY ($2::uuid[])"


async def names_of(
    database: Reading, workspace_id: UUID, people: Collection[UUID]
) -> dict[UUID, str]:
    """Those of people that are not of the workspace are left out."""
    rows = await database.fetch(_NAMES, workspace_id, list(people))
    return {row["id"]: row["name"] for row in rows}
