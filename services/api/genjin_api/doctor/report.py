"""The doctor's findings as a table for the eye, as JSON, or as lines before a refused start."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from genjin_api.doctor.finding import Finding

_STYLES = {"ok": "green", "warn": "yellow", "fatal": "bold red"}


def findings_document(findings: Sequence[Finding]) -> dict[str, Any]:
    levels = {finding.level for finding in findings}
    worst = next(level for level in ("fatal", "warn", "ok") if level in levels)
    return {"level": worst, "findings": [asdict(finding) for finding in findings]}


def print_findings(findings: Sequence[Finding], console: Console) -> None:
    table = Table()
    for name in ("check", "level", "found", "remedy"):
        table.add_column(name)
    for finding in findings:
        level = Text(finding.level, style=_STYLES[finding.level])
        table.add_row(Text(finding.name), level, Text(finding.reason), Text(finding.remedy))
    console.print(table)


def refusal(findings: Sequence[Finding]) -> str:
    """What a refused start says on standard error, one line for each finding."""
    lines = [finding.line() for finding in findings]
    return "\n".join(["the API does not serve like this (genjin-api doctor tells more):", *lines])
