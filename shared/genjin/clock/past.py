"""Reads a project's life from the log."""

from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from genjin.clock.life import TYPES, Happening, Life, life_of
from genjin.event import stream_of
from genjin.log.reading import Reading

HAPPENINGS_MAX = 20_000
VERSION_MAX = 2**31 - 1

# A project's past as far as its rhythm goes: the newest part of it, in the order of the stream.
_HAPPENINGS = """
SELECT type, occurred_at, coalesce(data->>'form', data->>'cadence', data->>'stage', data->>'role', '') AS name,
       coalesce((data->>'visit')::int, 0) AS visit, (data->>'period_end')::date AS until,
       coalesce((data->>'person_id')::uuid, actor_id) AS person_id, coalesce(data->>'roles', '{}') AS roles
  FROM (SELECT version, type, occurred_at, actor_id, body::jsonb->'data' AS data FROM genjin.event
         WHERE workspace_id = $1 AND stream = $2 AND type = ANY ($3) AND version <= $5
         ORDER BY version DESC LIMIT $4) newest
 ORDER BY version
"""


async def life_of_project(
    database: Reading,
    workspace_id: UUID,
    zone: ZoneInfo,
    project_id: UUID,
    version: int = VERSION_MAX,
) -> Life:
    """As it was at a version, in the days of a time zone."""
    stream = stream_of("project", project_id)
    rows = await database.fetch(
        _HAPPENINGS, workspace_id, stream, list(TYPES), HAPPENINGS_MAX, version
    )
    return life_of(
        [
            Happening(
                type_,
                at.astimezone(zone).date(),
                name,
                visit,
                until,
                person_id,
                orjson.loads(roles),
            )
            for type_, at, name, visit, until, person_id, roles in rows
        ]
    )
