"""`.genjin/demo.json`: what a run notes for people, for scripts, and for the run after it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from genjin_deploy.private_files import write_private


class NotedProcess(BaseModel):
    """The command tells a later run whether the pid still belongs to what was started."""

    pid: int
    command: list[str]


class DemoNotes(BaseModel):
    """Everything in the file. workspace, people and subscription are as `genjin_api.demo_workspace` printed them."""

    model_config = ConfigDict(extra="ignore")

    urls: dict[str, str] = Field(default_factory=dict)
    databases: dict[str, str] = Field(default_factory=dict)
    processes: dict[str, NotedProcess] = Field(default_factory=dict)
    workspace: str | None = None
    people: list[dict[str, Any]] = Field(default_factory=list)
    subscription: dict[str, Any] = Field(default_factory=dict)


class DemoFile:
    """The notes and their file, written anew at every change: a killed run leaves the last state, not half of one."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.notes = DemoNotes()
        if path.exists():
            self.notes = DemoNotes.model_validate_json(path.read_text(encoding="utf-8"))

    def note_addresses(self, urls: Mapping[str, str], databases: Mapping[str, str]) -> None:
        self._change(urls=dict(urls), databases=dict(databases))

    def note_process(self, name: str, pid: int, command: list[str]) -> None:
        noted = NotedProcess(pid=pid, command=command)
        self._change(processes={**self.notes.processes, name: noted})

    def forget_processes(self) -> None:
        self._change(processes={})

    def note_workspace(self, printed: str) -> None:
        """Raises ValueError when the text is not the JSON object that is expected."""
        made = DemoNotes.model_validate_json(printed)
        self._change(workspace=made.workspace, people=made.people, subscription=made.subscription)

    def forget_workspace(self) -> None:
        """The noted people are those of another database."""
        self._change(workspace=None, people=[], subscription={})

    def _change(self, **fields: object) -> None:
        self.notes = self.notes.model_copy(update=fields)
        text = json.dumps(self.notes.model_dump(mode="json"), ensure_ascii=False, indent=2)
        write_private(self.path, text + "\n")
