"""Facts of a workspace (stream workspace-<id>)."""

from typing import ClassVar

from genjin.event import Fact


class WorkspaceCreated(Fact):
    type: ClassVar[str] = "workspace.created"
    name: str
    time_zone: str


WorkspaceFact = WorkspaceCreated
