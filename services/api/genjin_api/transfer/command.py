"""A workspace moves between installations: genjin-api export, genjin-api import."""

import asyncio
import sys
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
import typer
from asyncpg import InterfaceError, PostgresError

from genjin.event import RecordedEvent
from genjin.history.filter import EVERYTHING
from genjin.log.reading import DamagedLogError, read_head
from genjin.sealing import WrongKeyError
from genjin.settings import ApiSettings, read_settings
from genjin_api.acting import Caller
from genjin_api.action import RefusedError
from genjin_api.app import ROLE, open_services
from genjin_api.http.context import Services
from genjin_api.installation import add_key
from genjin_api.transfer.export import Client, export
from genjin_api.transfer.loading import Imported, ImportRefusedError, import_file
from genjin_api.transfer.new_file import new_file
from genjin_api.transfer.reading import DamagedExportError
from genjin_api.transfer.subject_keys import SubjectKeysFile, export_keys, import_keys

cli = typer.Typer()

_OWNER = """
SELECT p.id, p.name, w.time_zone
  FROM genjin.person p JOIN genjin.workspace w ON w.workspace_id = p.workspace_id
 WHERE p.workspace_id = $1 AND p.workspace_role = 'owner' AND p.active ORDER BY p.id LIMIT 1
"""


class CutShortError(Exception):
    """The log is damaged; what stands before that was written."""


class UnknownWorkspaceError(Exception):
    """No log of such a workspace is here."""


_FAILURES = (
    CutShortError,
    WrongKeyError,
    DamagedExportError,
    DamagedLogError,
    ImportRefusedError,
    UnknownWorkspaceError,
    RefusedError,
    OSError,
    PostgresError,
    InterfaceError,
)


@cli.command("export")
def export_command(
    workspace: Annotated[UUID, typer.Argument(help="the id of the workspace")],
    file: Annotated[Path, typer.Argument(help="a new file")],
    keys: Annotated[
        Path | None,
        typer.Option(help="a new file for the keys of personal values, in the clear: guard it"),
    ] = None,
) -> None:
    """Write a workspace's log into a file of JSON lines. A file without an end line is not whole.

    Of a damaged log the file gets every event before the first one or commit that is damaged, and a last line
    that says so; exit 1.

    Personal values are sealed in it: elsewhere they can be read with the file of their keys alone.
    """
    settings = read_settings(ApiSettings)

    async def run() -> dict[str, Any]:
        async with open_services(settings) as services:
            end = await _write(services, workspace, file)
            said = {"workspace": str(workspace), "events": end["count"]}
            if keys is not None:
                said["keys"] = await export_keys(services.subject_keys, workspace, keys)
            if "reason" in end:
                raise CutShortError(
                    f"workspace {workspace}: {end['reason']}. {file} was cut short there: it holds the"
                    f" {end['count']} events before, which genjin-verify export checks"
                )
            return said

    _finish(run)


@cli.command("import")
def import_command(
    file: Annotated[Path, typer.Argument(help="an export of a whole log")],
    owner_key: Annotated[
        bool, typer.Option("--owner-key", help="make an API key for an owner; printed this once")
    ] = False,
    keys: Annotated[
        Path | None, typer.Option(help="the keys of personal values, as export --keys wrote them")
    ] = None,
) -> None:
    """Bring an exported workspace in: the same log, byte for byte. All of it, or nothing when a line does not hold.

    API keys and webhook secrets are not part of an export: make keys, and rotate the secrets of its subscriptions.
    """
    settings = read_settings(ApiSettings)

    async def run() -> dict[str, Any]:
        brought = SubjectKeysFile(keys, settings.secret_key_bytes) if keys else None
        imported = await import_file(settings.api_database_url, ROLE, file, brought)
        said: dict[str, Any] = {
            "workspace": str(imported.workspace_id),
            "events": imported.events,
        }
        if owner_key:
            async with open_services(settings) as services:
                said |= await _key_of_an_owner(services, imported)
        return said

    _finish(run)


@cli.command("import-keys")
def import_keys_command(
    workspace: Annotated[UUID, typer.Argument(help="the id of a workspace that was brought in")],
    file: Annotated[Path, typer.Argument(help="as export --keys wrote it")],
) -> None:
    """Bring the keys of personal values in behind their workspace. Those that are there stay, erased persons too."""
    settings = read_settings(ApiSettings)

    async def run() -> dict[str, Any]:
        async with open_services(settings) as services:
            keys = SubjectKeysFile(file, settings.secret_key_bytes)
            return {"keys": await import_keys(services.database, workspace, keys)}

    _finish(run)


async def _write(services: Services, workspace_id: UUID, path: Path) -> dict[str, Any]:
    """What the last line says: with a reason where the export was cut short."""
    head = await read_head(services.database, workspace_id)
    if not head.position:
        raise UnknownWorkspaceError(f"there is no workspace {workspace_id}")
    pages = services.feed.pages
    client = Client(_unrecorded, _always_welcome)
    pieces = export(services.database, pages, workspace_id, head.position, EVERYTHING, client)
    piece = b""
    with new_file(path) as file:
        async for piece in pieces:
            file.write(piece)
    [end] = orjson.loads(piece.splitlines()[-1]).values()
    return dict(end)


async def _unrecorded(_events: Sequence[RecordedEvent]) -> None:
    """Whoever runs the installation is no person of the workspace."""


async def _always_welcome() -> bool:
    return True


async def _key_of_an_owner(services: Services, imported: Imported) -> dict[str, Any]:
    row = await services.database.fetchrow(_OWNER, imported.workspace_id)
    if row is None:
        raise ImportRefusedError("the workspace was brought in; it has no active owner")
    owner = Caller(imported.workspace_id, row["id"], row["name"], "owner", row["time_zone"])
    return {"owner": str(row["id"]), "key": await add_key(services, owner, row["id"], "owner")}


def _finish(run: Callable[[], Coroutine[Any, Any, dict[str, Any]]]) -> None:
    """What it says as JSON on standard output; what went wrong in one line, and exit 1."""
    try:
        said = asyncio.run(run())
    except _FAILURES as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
    sys.stdout.write(orjson.dumps(said).decode() + "\n")
