"""Every template that a workspace has: those that ship with Genjin, and its own."""

from collections import OrderedDict
from collections.abc import AsyncIterator
from uuid import UUID

from genjin.log.reading import Reading
from genjin.templates.catalog import latest, shipped, shipped_hash, template_id
from genjin.templates.model import Template
from genjin_api.states import States
from genjin_api.templates.projection import STREAMS, TEMPLATE
from genjin_api.templates.state import OwnTemplate, Published

KEPT_MAX = 256
OWN_MAX = 500

# Generation, workspace, key, version.
_Place = tuple[int, UUID, str, int]


class NoTemplateError(LookupError):
    """There is no such template, or no such version of it."""


class RetiredTemplateError(Exception):
    """No project begins with this version, or moves to it."""


class Library:
    """Published versions never change, so they are kept once read: at most KEPT_MAX of all workspaces, each by the
    generation of the states at which it was read, for a log that was forgotten may have had others.
    """

    def __init__(self, database: Reading, states: States) -> None:
        self._database = database
        self._states = states
        self._kept: OrderedDict[_Place, Template] = OrderedDict()

    async def version(self, workspace_id: UUID, key: str, version: int) -> Template:
        place = self._states.generation, workspace_id, key, version
        known = shipped().get((key, version)) or self._kept.get(place)
        if known is not None:
            return known
        own = await self.own(workspace_id, key)
        published = own.versions.get(str(version)) if own else None
        if published is None:
            raise NoTemplateError(f"no template {key} version {version}")
        return self._read(place, published)

    def _read(self, place: _Place, published: Published) -> Template:
        """A published version as a template, kept. The place is of before it was loaded."""
        if place not in self._kept:
            self._kept[place] = Template.model_validate(published.body)
            if len(self._kept) > KEPT_MAX:
                self._kept.popitem(last=False)
        return self._kept[place]

    def workspaces(self) -> set[UUID]:
        """Those of which templates are kept that may still be read."""
        now = self._states.generation
        return {workspace_id for generation, workspace_id, _, _ in self._kept if generation == now}

    async def newest(self, workspace_id: UUID, key: str) -> Template:
        """The version that a new project begins with."""
        if any(key == shipped_key for shipped_key, _ in shipped()):
            return latest(key)
        own = await self.own(workspace_id, key)
        if own is None or own.newest is None:
            raise NoTemplateError(f"no template {key}")
        return await self.version(workspace_id, key, own.newest.version)

    async def hash_of(self, workspace_id: UUID, template: Template) -> str:
        if _is_shipped(template):
            return shipped_hash(template.key, template.version)
        own = await self.own(workspace_id, template.key)
        assert own is not None, "the template was read from there"
        return own.versions[str(template.version)].body_hash

    async def chosen(
        self, workspace_id: UUID, key: str, version: int | None
    ) -> tuple[Template, str]:
        """The template that a project is to run on from now, with its hash; version None is the newest. Raises
        NoTemplateError, RetiredTemplateError.
        """
        if version is None:
            template = await self.newest(workspace_id, key)
        else:
            template = await self.version(workspace_id, key, version)
        if _is_shipped(template):  # nothing of it stands in the workspace, and it is not retired
            return template, shipped_hash(key, template.version)
        own = await self.own(workspace_id, key)
        assert own is not None, "the template was read from there"
        published = own.versions[str(template.version)]
        if published.retired_at is not None:
            raise RetiredTemplateError(f"{key} version {template.version} is retired")
        return template, published.body_hash

    async def own(self, workspace_id: UUID, key: str) -> OwnTemplate | None:
        return await self._states.load(TEMPLATE, workspace_id, template_id(workspace_id, key))

    async def all_own(self, workspace_id: UUID) -> AsyncIterator[tuple[Template, Published]]:
        """Every version of the workspace's own templates, of OWN_MAX of these at most."""
        rows = await self._database.fetch(STREAMS, workspace_id, OWN_MAX)
        for row in rows:
            identifier = UUID(row["stream"].removeprefix("template-"))
            generation = self._states.generation
            own = await self._states.load(TEMPLATE, workspace_id, identifier)
            if own is None:
                continue
            for published in own.versions.values():
                place = generation, workspace_id, own.key, published.version
                yield self._read(place, published), published


def _is_shipped(template: Template) -> bool:
    return (template.key, template.version) in shipped()
