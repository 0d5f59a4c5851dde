"""The command line of whoever runs the API: serve, create-workspace, doctor, projections …, index …, export, import."""

import asyncio
import sys
from typing import Annotated

import orjson
import typer
from asyncpg import PostgresError
from pydantic import ValidationError
from rich.console import Console

from genjin.json_log import log_json_to_stderr
from genjin.settings import ApiSettings, read_settings
from genjin_api.action import RefusedError
from genjin_api.app import create_app, open_services
from genjin_api.doctor.examination import examine_installation, fatal_ones
from genjin_api.doctor.report import findings_document, print_findings, refusal
from genjin_api.history.index_command import cli as index
from genjin_api.http.server import serve_http
from genjin_api.installation import create_workspace
from genjin_api.projections.command import cli as projections
from genjin_api.transfer.command import cli as transfer

cli = typer.Typer(help="Genjin's HTTP API.", no_args_is_help=False, add_completion=False)
cli.add_typer(projections, name="projections")
cli.add_typer(index, name="index")
cli.add_typer(transfer)


@cli.callback(invoke_without_command=True)
def default(context: typer.Context) -> None:
    """Serve, when nothing else is asked for."""
    if context.invoked_subcommand is None:
        serve()


@cli.command()
def serve() -> None:
    """Serve HTTP until a signal. Refuses where the doctor finds something fatal."""
    settings = read_settings(ApiSettings)
    log_json_to_stderr(settings.log_level)
    if found := fatal_ones(asyncio.run(examine_installation(settings))):
        sys.stderr.write(f"{refusal(found)}\n")
        raise typer.Exit(1)
    serve_http(create_app(settings), settings)


@cli.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="as JSON instead of a table")] = False,
) -> None:
    """Look at the database as the API's connections see it: what is unsafe, why, and the remedy. Exit 1 on fatal."""
    findings = asyncio.run(examine_installation(read_settings(ApiSettings)))
    if as_json:
        sys.stdout.write(orjson.dumps(findings_document(findings)).decode() + "\n")
    else:
        print_findings(findings, Console())
    if fatal_ones(findings):
        raise typer.Exit(1)


@cli.command("create-workspace")
def create_workspace_command(
    name: Annotated[str, typer.Option(help="the workspace's name")],
    owner: Annotated[str, typer.Option(help="the name of its first owner")],
    time_zone: Annotated[str, typer.Option(help="IANA time zone")] = "Asia/Shanghai",
) -> None:
    """Make a workspace and its owner; prints the owner's API key this once."""
    settings = read_settings(ApiSettings)

    async def run() -> None:
        async with open_services(settings) as services:
            made = await create_workspace(services, name, owner, time_zone)
        document = {
            "workspace": str(made.caller.workspace_id),
            "owner": str(made.caller.person_id),
            "key": made.key,
        }
        sys.stdout.write(orjson.dumps(document).decode() + "\n")

    try:
        asyncio.run(run())
    except (RefusedError, ValidationError, OSError, PostgresError) as error:
        sys.stderr.write(f"{error}\n")
        raise typer.Exit(1) from error
