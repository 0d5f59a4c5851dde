"""A running PostgreSQL server as the operating system sees it, also one that an earlier run left behind."""

import contextlib
import signal
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import psutil

from genjin_deploy.process_end import has_ended, wait_for_end

FAST_SHUTDOWN = signal.SIGINT
IMMEDIATE_SHUTDOWN = signal.SIGQUIT


class PostmasterFile(NamedTuple):
    """What the server writes into postmaster.pid."""

    pid: int
    ready: bool


def read_postmaster_file(data_dir: Path) -> PostmasterFile | None:
    """None when there is none, or it is being written. Its first line is the pid, its eighth the status."""
    try:
        lines = (data_dir / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        return PostmasterFile(int(lines[0]), len(lines) >= 8 and lines[7].strip() == "ready")
    except (FileNotFoundError, ValueError, IndexError):
        return None


def find_postmaster(data_dir: Path) -> psutil.Process | None:
    """The live server of this data folder. A pid in a stale file may belong to anyone, so its command line decides."""
    found = read_postmaster_file(data_dir)
    if found is None:
        return None
    with contextlib.suppress(psutil.Error):
        process = psutil.Process(found.pid)
        if runs_on(process.cmdline(), data_dir) and not has_ended(process):
            return process
    return None


def runs_on(command: list[str], data_dir: Path) -> bool:
    return bool(command) and Path(command[0]).name == "postgres" and str(data_dir) in command[1:]


def remove_stale_file(data_dir: Path) -> None:
    """Where the pid in it is by now that of another program, PostgreSQL would take that one for a server and refuse."""
    found = read_postmaster_file(data_dir)
    if found is not None and not _is_postgres(found.pid):
        (data_dir / "postmaster.pid").unlink(missing_ok=True)


def _is_postgres(pid: int) -> bool:
    """In doubt, yes: the file also guards the data against a second server."""
    try:
        process = psutil.Process(pid)
        return process.name() == "postgres" and not has_ended(process)
    except psutil.NoSuchProcess:
        return False
    except psutil.Error:
        return True


def shut_down(
    process: psutil.Process,
    timeout_seconds: float,
    ways: Sequence[signal.Signals] = (FAST_SHUTDOWN, IMMEDIATE_SHUTDOWN),
) -> None:
    """Fast shutdown, then immediate, then kill: each is safe for committed data, the later ones cost a recovery."""
    for number in ways:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)
        if not wait_for_end([process], timeout_seconds):
            return
    kill_with_backends(process)


def kill_with_backends(process: psutil.Process) -> None:
    """kill -9 the server and wait until its backends are gone too: while one lives, no new server may start."""
    with contextlib.suppress(psutil.NoSuchProcess):
        backends = process.children(recursive=True)
        process.kill()
        for straggler in wait_for_end([process, *backends], timeout_seconds=10):
            with contextlib.suppress(psutil.NoSuchProcess):
                straggler.kill()
        wait_for_end(backends, timeout_seconds=10)
