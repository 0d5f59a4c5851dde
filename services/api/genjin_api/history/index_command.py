"""genjin-api index: verify, rebuild. They need the owner's DATABASE_URL."""

import asyncio
import sys
from collections.abc import Coroutine
from typing import Annotated, TypeVar
from uuid import UUID

import asyncpg
import typer
from rich.console import Console

from genjin.event_index.writing import UnsoundIndexError
from genjin.log.reading import DamagedLogError
from genjin_api.history.index_rebuild import rebuild_index
from genjin_api.history.index_verification import Verified, verify_index
from genjin_api.projections.folding import LogHead, read_heads
from genjin_api.projections.owner import alone, owner_connection, owner_pool, owner_url
from genjin_api.projections.progress import shown_progress
from genjin_api.projections.shadow import CannotRebuildError

cli = typer.Typer(
    help="The audit index beside the log. Needs DATABASE_URL of the database's owner.",
    no_args_is_help=True,
)
Workspace = Annotated[UUID | None, typer.Option("--workspace", help="this workspace only")]

Answer = TypeVar("Answer")


class UnknownWorkspaceError(ValueError):
    """No log has this id."""


_FAILURES = (
    UnknownWorkspaceError,
    UnsoundIndexError,
    DamagedLogError,
    CannotRebuildError,
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
def verify(workspace: Workspace = None) -> None:
    """Hold every block of the index against its events; changes nothing, halts nothing. Exit 1 on a difference."""
    url = owner_url()

    async def run() -> list[Verified]:
        with shown_progress() as progress:
            progress.doing = "verifying"
            async with owner_connection(url) as connection, owner_pool(url) as pool:
                heads = await _heads(connection, workspace)
                progress.start(sum(head.position for head in heads))
                return [await verify_index(pool, head, progress) for head in heads]

    found = _run(run())
    console = Console()
    for one in found:
        for difference in one.differences:
            said = f"workspace {one.workspace_id}: {difference.reason}"
            console.print(said, markup=False, highlight=False, soft_wrap=True)
    blocks, different = sum(one.blocks for one in found), sum(one.different for one in found)
    console.print(f"{blocks} blocks of {len(found)} workspaces: {different} differ.", markup=False)
    if different:
        remedy = "Mend them with `genjin-api index rebuild`: --workspace names one."
        console.print(remedy, markup=False, soft_wrap=True)
        raise typer.Exit(1)


@cli.command()
def rebuild(workspace: Workspace = None) -> None:
    """Write the index anew from the log while writes go on; a halt is lifted.

    Meanwhile the history is read from the log itself where the new index has not come to: right, and slower. It may be
    ended and begun again at any time; what is left undone, the notifier does.
    """
    url = owner_url()

    async def run() -> int:
        with shown_progress() as progress:
            progress.doing = "indexing"
            async with (
                owner_connection(url) as connection,
                alone(connection),
                owner_pool(url) as pool,
            ):
                heads = await _heads(connection, workspace)
                progress.start(sum(head.position for head in heads))
                for head in heads:
                    await rebuild_index(pool, head, progress)
                return len(heads)

    Console().print(f"The index of {_run(run())} workspaces was written anew.", markup=False)


async def _heads(connection: asyncpg.Connection, workspace: UUID | None) -> list[LogHead]:
    heads = await read_heads(connection)
    if workspace is None:
        return list(heads.values())
    if workspace not in heads:
        raise UnknownWorkspaceError(f"there is no workspace {workspace}")
    return [heads[workspace]]
