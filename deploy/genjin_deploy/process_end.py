"""Whether processes have ended. A zombie has: it holds no port, no file, no memory; it only awaits its parent."""

import time
from collections.abc import Sequence

import psutil


def has_ended(process: psutil.Process) -> bool:
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_for_end(
    processes: Sequence[psutil.Process], timeout_seconds: float
) -> list[psutil.Process]:
    """Those that are still alive after the time; empty as soon as all have ended."""
    deadline = time.monotonic() + timeout_seconds
    alive = [process for process in processes if not has_ended(process)]
    while alive and time.monotonic() < deadline:
        time.sleep(0.01)
        alive = [process for process in alive if not has_ended(process)]
    return alive
