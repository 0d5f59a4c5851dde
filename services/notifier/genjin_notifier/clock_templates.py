"""The templates that the clock's limits come from: those that ship with Genjin, and those that workspaces published."""

from collections import OrderedDict
from uuid import UUID

import asyncpg
import orjson

from genjin.event import stream_of
from genjin.templates.catalog import shipped, template_id
from genjin.templates.model import Template

KEPT_MAX = 256

# One published version of a workspace's own template.
_PUBLISHED = """
SELECT body FROM genjin.event
 WHERE workspace_id = $1 AND stream = $2 AND type = 'template.published' AND (body::jsonb->'data'->>'version')::int = $3
"""


class ClockTemplates:
    """A published version never changes, so it is kept once it was read."""

    def __init__(self, database: asyncpg.Pool) -> None:
        self._database = database
        self._kept: OrderedDict[tuple[UUID, str, int], Template] = OrderedDict()

    async def version(self, workspace_id: UUID, key: str, version: int) -> Template:
        """LookupError when there is none."""
        name = workspace_id, key, version
        known = shipped().get((key, version)) or self._kept.get(name)
        if known is not None:
            return known
        stream = stream_of("template", template_id(workspace_id, key))
        body = await self._database.fetchval(_PUBLISHED, workspace_id, stream, version)
        if body is None:
            raise LookupError(f"no template {key} version {version}")
        self._kept[name] = Template.model_validate(orjson.loads(body)["data"]["body"])
        if len(self._kept) > KEPT_MAX:
            self._kept.popitem(last=False)
        return self._kept[name]
