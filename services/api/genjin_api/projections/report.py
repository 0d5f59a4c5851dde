"""A rebuild's report: a JSON file with everything, and a table for the eye."""

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import orjson
from rich.console import Console
from rich.table import Table

from genjin_api.projections.comparison import RowDifference
from genjin_api.projections.names import LeftTable
from genjin_api.projections.rebuild import Report

ROWS_SHOWN_MAX = 5


def report_document(report: Report) -> dict[str, Any]:
    return {
        "report": "genjin.projections/1",
        "compared_at": report.compared_at,
        "differences": report.differences,
        "events_read": report.events_read,
        "seconds": round(report.seconds, 3),
        "heads": [
            {
                "workspace_id": str(head.workspace_id),
                "position": head.position,
                "commit_hash": head.commit_hash.hex(),
            }
            for head in report.heads
        ],
        "tables": [asdict(table) for table in report.tables],
    }


def write_report(report: Report, path: Path) -> None:
    """For the eyes of whoever runs the installation only: the samples show what is in the rows."""
    body = orjson.dumps(report_document(report), option=orjson.OPT_INDENT_2)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
        file.write(body + b"\n")


def print_report(report: Report, console: Console) -> None:
    table = Table(title=f"Live and folded rows (workspaces: {len(report.heads)})")
    table.add_column("projection")
    for name in ("live", "folded", "missing", "extra", "different"):
        table.add_column(name, justify="right")
    for found in report.tables:
        numbers = found.live_rows, found.folded_rows, found.missing, found.extra, found.different
        style = "bold red" if found.count else None
        table.add_row(found.table, *map(str, numbers), style=style)
    console.print(table)
    for found in report.tables:
        for sample in found.samples[:ROWS_SHOWN_MAX]:
            console.print(f"{found.table} {_told(sample)}", markup=False, soft_wrap=True)
    rate = report.events_read / max(report.seconds, 0.001)
    console.print(f"{report.events_read} events folded, {rate:.0f} events/s in all.", markup=False)


def _told(sample: RowDifference) -> str:
    """Without values: they may be personal, and a terminal's scroll-back is no place for them."""
    key = " ".join(f"{name}={value}" for name, value in sample.key.items())
    columns = ", ".join(column.column for column in sample.columns)
    return f"{sample.kind} {key}" + (f": {columns}" if columns else "")


def print_left(left: Sequence[LeftTable], console: Console) -> None:
    table = Table(title="Tables that rebuilds have left")
    table.add_column("table")
    table.add_column("rows (estimate)", justify="right")
    table.add_column("size", justify="right")
    table.add_column("what")
    for one in left:
        what = "kept from before a switch" if one.kept else "a rebuild that was not switched"
        table.add_row(one.table, str(one.rows), f"{one.bytes / 1024 / 1024:.1f} MiB", what)
    console.print(table)
