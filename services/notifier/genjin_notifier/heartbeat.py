"""A file that the living process touches, for a container's health check: `python -m genjin_notifier --check`.

It says that the process is alive and not stuck, not that Postgres or any receiver is: a restart would mend neither.
"""

import asyncio
import hashlib
import os
import tempfile
import time
from pathlib import Path

BEAT_SECONDS = 1.0
STALE_SECONDS = 10.0


def heartbeat_file(database_url: str) -> Path:
    """One per user and database, so that the check finds the file of its own notifier."""
    name = hashlib.sha256(database_url.encode()).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"genjin-notifier-{os.getuid()}-{name}.heartbeat"


async def beat(file: Path) -> None:
    while True:
        touch(file)
        await asyncio.sleep(BEAT_SECONDS)


def touch(file: Path) -> None:
    """Never through a link: the folder is everybody's."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        os.utime(descriptor)
    finally:
        os.close(descriptor)


def is_alive(file: Path) -> bool:
    try:
        return time.time() - file.stat(follow_symlinks=False).st_mtime < STALE_SECONDS
    except FileNotFoundError:
        return False
