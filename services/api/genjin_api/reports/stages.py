"""The stages that a report speaks of, with their titles and their order, out of the template versions that it met."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from genjin.templates.model import Stage, Template
from genjin.templates.words import Text
from genjin_api.templates.library import Library

Versions = Mapping[tuple[str, int], Template]


class StageKey(NamedTuple):
    template: str
    version: int
    stage: str


class Stages:
    def __init__(self, versions: Versions) -> None:
        self.versions = versions

    def place(self, key: StageKey) -> tuple[str, int, int, str]:
        """Templates by key and version, stages in their order; one that the version has not stands last."""
        keys = [stage.key for stage in self.versions[key.template, key.version].stages]
        place = keys.index(key.stage) if key.stage in keys else len(keys)
        return key.template, key.version, place, key.stage

    def stage(self, key: StageKey) -> Stage | None:
        stages = self.versions[key.template, key.version].stages
        return next((stage for stage in stages if stage.key == key.stage), None)

    def named(self, key: StageKey) -> dict[str, Any]:
        stage = self.stage(key)
        return {**key._asdict(), "title": stage.title if stage else None}

    def role_title(self, template: str, version: int, role: str) -> Text | None:
        roles = self.versions[template, version].roles
        return next((one.title for one in roles if one.key == role), None)


async def versions_of(
    library: Library, workspace_id: UUID, named: Iterable[tuple[str, int]]
) -> Versions:
    return {name: await library.version(workspace_id, *name) for name in set(named)}
