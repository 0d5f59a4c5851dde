"""The command that makes a workspace. It has no HTTP door: whoever runs the installation gives it."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field

from genjin.workspaces.events import WorkspaceCreated
from genjin_api.acting import Decided, Decision
from genjin_api.fields import Command, Line
from genjin_api.refusal import field_refusal


class CreateWorkspace(Command):
    name: Line
    time_zone: str = Field("Asia/Shanghai", max_length=64)


def create(command: CreateWorkspace) -> Decision:
    try:
        ZoneInfo(command.time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return field_refusal(
            "field_invalid", "/time_zone", f"{command.time_zone} is not an IANA time zone"
        )
    return Decided([WorkspaceCreated(name=command.name, time_zone=command.time_zone)])
