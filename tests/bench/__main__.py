"""`make bench`: what Genjin does on this machine, beside bare baselines in the same run. A slow result is a result."""

import argparse
import asyncio
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import uvloop
from rich.console import Console

from tests.bench import (
    appends,
    bulk,
    deliveries,
    http_commands,
    http_reads,
    long_logs,
    long_project,
    rebuilding,
    reports,
    sealing,
    tail,
)
from tests.bench.ground import Ground, open_ground
from tests.bench.machine import look_at_machine
from tests.bench.row import FULL, QUICK, Effort, Row
from tests.bench.table import show, write_json

Measure = Callable[[Ground], Awaitable[list[Row]]]

# In the order of the table. A new measurement is a module with measure() and a line here.
MEASUREMENTS: dict[str, Measure] = {
    "appends": appends.measure,
    "bulk": bulk.measure,
    "tail": tail.measure,
    "http-commands": http_commands.measure,
    "http-reads": http_reads.measure,
    "deliveries": deliveries.measure,
    "long-logs": long_logs.measure,
    "rebuild": rebuilding.measure,
    "sealing": sealing.measure,
    "long-project": long_project.measure,
    "reports": reports.measure,
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="short rounds, rougher figures")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the same as JSON")
    parser.add_argument(
        "--only", action="append", choices=MEASUREMENTS, help="one measurement; may be repeated"
    )
    parser.add_argument(
        "--events",
        type=int,
        metavar="N",
        help="a log of so many events as well, as 10000000, for which there must be 2.5 GB of disk a million",
    )
    arguments = parser.parse_args()
    effort = QUICK if arguments.quick else FULL
    if arguments.events:
        effort = replace(effort, log_events=(*effort.log_events, arguments.events))
    try:
        uvloop.run(run(effort, arguments.only or list(MEASUREMENTS), arguments.json))
    except (KeyboardInterrupt, asyncio.CancelledError):
        sys.exit(130)


async def run(effort: Effort, names: list[str], json_file: Path | None) -> None:
    """Everything that was started is ended on the way out, also on Ctrl-C, SIGTERM and a closed terminal."""
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    rows: list[Row] = []
    progress = Console(stderr=True)
    with (
        tempfile.TemporaryDirectory(prefix="genjin-bench-") as folder,
        progress.status("") as status,
    ):
        async with open_ground(Path(folder), effort, status.update) as ground:
            machine = await look_at_machine(ground.postgres, Path(folder))
            for name in names:
                rows += await MEASUREMENTS[name](ground)
    show(machine, effort, rows)
    if json_file is not None:
        write_json(json_file, machine, effort, rows)


if __name__ == "__main__":
    main()
