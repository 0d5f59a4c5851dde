"""genjin-api projections: rebuild, verify, list, drop-old, attest. They need the owner's DATABASE_URL."""

import asyncio
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, TypeVar
from uuid import UUID

import asyncpg
import orjson
import typer
from rich.console import Console

from genjin_api.projections.attestation import attest
from genjin_api.projections.folding import FoldError, read_heads
from genjin_api.projections.names import left_tables
from genjin_api.projections.owner import alone, owner_connection, owner_url, refuse_other_logins
from genjin_api.projections.progress import shown_progress
from genjin_api.projections.rebuild import open_rebuild
from genjin_api.projections.report import print_left, print_report, write_report
from genjin_api.projections.shadow import CannotRebuildError
from genjin_api.projections.switch import SwitchFailedError
from genjin_api.projections.tables import PROJECTIONS, UnknownProjectionError, chosen

cli = typer.Typer(
    help="The read models as folds of the log. Needs DATABASE_URL of the database's owner.",
    no_args_is_help=True,
)
Only = Annotated[list[str] | None, typer.Option("--only", help="a table; may be repeated")]
Samples = Annotated[int, typer.Option(min=0, max=1000, help="differing rows told of each table")]
Workspace = Annotated[UUID | None, typer.Option("--workspace", help="this workspace only")]
ReportFile = Annotated[Path | None, typer.Option("--report", help="where the report goes as JSON")]

Answer = TypeVar("Answer")


class UnknownWorkspaceError(ValueError):
    """No log has this id."""


_FAILURES = (
    UnknownWorkspaceError,
    CannotRebuildError,
    SwitchFailedError,
    FoldError,
    UnknownProjectionError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    OSError,
)


def _run(work: Coroutine[object, object, Answer]) -> Answer:
    try:
        return asyncio.run(work)
    except _FAILURES as error:
        sys.stderr.write(f"{error or type(error).__name__}\n")
        raise typer.Exit(1) from error


@cli.command()
def rebuild(
    only: Only = None,
    samples: Samples = 20,
    report: ReportFile = None,
    switch: Annotated[
        bool, typer.Option("--switch", help="put the new tables in the place of the live ones")
    ] = False,
) -> None:
    """Fold every stream into new tables while writes go on, and report how the live ones differ.

    The report is also written as JSON (genjin-projections-<time>.json if --report names no file). With --switch the
    new tables then take over in one transaction, and the old ones are kept until `drop-old`; without it the new ones
    stay beside them as <table>__rebuilding.
    """
    url, path = owner_url(), report or _report_path()

    async def run() -> None:
        console = Console()
        with shown_progress() as progress:
            async with open_rebuild(url, chosen(only or ()), progress, lasting=True) as made:
                await made.fill()
                found = await made.compare(samples)
                write_report(found, path)
                switched = await made.switch() if switch else None
        print_report(found, console)
        console.print(f"The report is in {path}.", markup=False, soft_wrap=True)
        if switched is None:
            console.print("Nothing was switched: add --switch for that.", markup=False)
            return
        console.print(
            f"Switched; writers were held for {switched.held_seconds:.3f} s. The tables of before are kept until"
            " `genjin-api projections drop-old`; what is erased meanwhile is not erased in them:"
            f" {', '.join(switched.kept)}",
            markup=False,
            soft_wrap=True,
        )

    _run(run())


@cli.command()
def verify(
    only: Only = None,
    workspace: Workspace = None,
    samples: Samples = 20,
    report: ReportFile = None,
) -> None:
    """Fold every stream and compare; changes nothing. Exit 1 when a live row differs from its fold."""
    url = owner_url()

    async def run() -> int:
        with shown_progress() as progress:
            made = open_rebuild(
                url, chosen(only or ()), progress, lasting=False, workspace_id=workspace
            )
            async with made as comparing:
                await comparing.fill()
                found = await comparing.compare(samples)
        if workspace is not None and not found.heads:
            raise UnknownWorkspaceError(f"there is no workspace {workspace}")
        print_report(found, Console())
        if report:
            write_report(found, report)
        return found.differences

    if _run(run()):
        raise typer.Exit(1)


@cli.command("list")
def list_left() -> None:
    """Tables that rebuilds have left, with their sizes."""

    async def run() -> None:
        async with owner_connection(owner_url()) as connection:
            print_left(await left_tables(connection), Console())

    _run(run())


@cli.command("drop-old")
def drop_old() -> None:
    """Drop every table that a rebuild has left: kept ones, and those that were not switched."""

    async def run() -> None:
        async with owner_connection(owner_url()) as connection, alone(connection):
            await refuse_other_logins(connection, PROJECTIONS)
            for left in await left_tables(connection):
                await connection.execute(f"DROP TABLE genjin.{left.table}")
                sys.stdout.write(f"dropped {left.table}\n")

    _run(run())


@cli.command("attest")
def attest_command(workspace: Workspace = None) -> None:
    """Hash the rows of every projection and store it with the log's position; prints one JSON line for each."""

    async def run() -> None:
        async with owner_connection(owner_url()) as connection:
            if workspace is not None and workspace not in await read_heads(connection):
                raise UnknownWorkspaceError(f"there is no workspace {workspace}")
            async for made in attest(connection, workspace):
                document = {"workspace_id": str(made.workspace_id), **made.document()}
                line = orjson.dumps(document, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
                sys.stdout.write(line.decode())

    _run(run())


def _report_path() -> Path:
    return Path(f"genjin-projections-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json")
