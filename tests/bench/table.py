"""The table on the screen, and the same as JSON."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median

from rich.console import Console
from rich.table import Table

from tests.bench.arithmetic import spread
from tests.bench.machine import Machine
from tests.bench.row import Effort, Row

PAPER_COLUMNS = 120  # of a file or pipe; a terminal says its own


def show(machine: Machine, effort: Effort, rows: Sequence[Row]) -> None:
    console = Console(width=None if sys.stdout.isatty() else PAPER_COLUMNS)
    console.print(
        f"{machine.cpu}, {machine.cores} cores (load {machine.load_average:.1f}), "
        f"Python {machine.python}, PostgreSQL {machine.postgres}, "
        f"fsync {machine.fsync_ms:.2f} ms, commit {machine.commit}",
        highlight=False,
    )
    table = Table(show_lines=True)
    table.add_column("what")
    for name in ("ours", "baseline", "ratio"):
        table.add_column(name, justify="right")
    table.add_column("at least", no_wrap=True)
    for row in rows:
        table.add_row(
            _what(row), _figures(row.ours, row.unit), _baseline(row), _ratio(row), row.aim
        )
    console.print(table)
    console.print(
        f"[dim]Medians of {effort.rounds} rounds of {effort.slice_seconds} s, ours and the baseline by turns; "
        "from the lowest to the highest round below. The ratio is the median of the rounds' ratios.[/]"
    )
    if failed := [row for row in rows if row.errors]:
        console.print("[bold red]Not everything went well:[/]")
        for row in failed:
            counts = ", ".join(f"{count} × {name}" for name, count in row.errors.items())
            console.print(f"  {row.what}: {counts}", highlight=False)


def write_json(path: Path, machine: Machine, effort: Effort, rows: Sequence[Row]) -> None:
    document = {
        "machine": asdict(machine),
        "effort": asdict(effort),
        "rows": [row.document() for row in rows],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _what(row: Row) -> str:
    return f"{row.what}\n[dim]{row.note}[/]" if row.note else row.what


def _figures(values: Sequence[float], unit: str) -> str:
    figure = f"[bold]{_figure(median(values))}[/] {unit}"
    if len(values) == 1:
        return figure
    low, high = spread(values)
    return f"{figure}\n[dim]{_figure(low)} to {_figure(high)}[/]"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def _baseline(row: Row) -> str:
    if not row.baseline:
        return f"[dim]{row.baseline_is}: not installed[/]" if row.baseline_is else ""
    return f"{_figures(row.baseline, '')}\n[dim]{row.baseline_is}[/]"


def _ratio(row: Row) -> str:
    return f"[bold]{row.ratio:.2f}[/]" if row.ratio is not None else ""
