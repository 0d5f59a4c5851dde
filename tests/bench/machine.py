"""What the figures were made on: without it they say nothing."""

import os
import platform
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import asyncpg

from genjin_deploy.embedded_postgres import EmbeddedPostgres

FSYNCS = 100
PAGE_BYTES = 8192


@dataclass(frozen=True, slots=True)
class Machine:
    """load_average is that of the minute before the run: others on the machine take from both sides."""

    cpu: str
    cores: int
    load_average: float
    python: str
    postgres: str
    fsync_ms: float
    commit: str


async def look_at_machine(postgres: EmbeddedPostgres, folder: Path) -> Machine:
    connection = await asyncpg.connect(postgres.dsn())
    try:
        version: str = await connection.fetchval("SHOW server_version")
    finally:
        await connection.close()
    return Machine(
        cpu=_cpu(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else _cores(),
        load_average=os.getloadavg()[0],
        python=platform.python_version(),
        postgres=version,
        fsync_ms=_fsync_ms(folder / "fsync"),
        commit=_commit(),
    )


def _cores() -> int:
    return os.cpu_count() or 1


def _cpu() -> str:
    """Linux says it in a file, others in uname."""
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in text.splitlines() if "model name" in line]
    return names[0] if names else platform.machine()


def _fsync_ms(path: Path) -> float:
    """The median time to write one page behind the last and have it on the disk."""
    times = []
    with path.open("wb", buffering=0) as file:
        for _ in range(FSYNCS):
            started = time.perf_counter()
            file.write(b"\0" * PAGE_BYTES)
            os.fsync(file.fileno())
            times.append(1000 * (time.perf_counter() - started))
    path.unlink()
    return median(times)


def _commit() -> str:
    """Of this tree; with a plus sign where it was changed since."""
    try:
        name = _git("rev-parse", "--short", "HEAD")
        return f"{name}+" if _git("status", "--porcelain") else name
    except (OSError, subprocess.CalledProcessError):
        return "unknown"


def _git(*arguments: str) -> str:
    command = ["git", "--no-optional-locks", "-C", str(Path(__file__).parent), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
