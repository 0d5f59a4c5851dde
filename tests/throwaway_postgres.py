"""A Postgres server that ends with the test or the run that wanted it."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from genjin_deploy.embedded_postgres import EmbeddedPostgres

MEMORY = Path("/dev/shm")
_PREFIX = "genjin-tests-"
_ROOM_BYTES = 6 * 2**30


@contextmanager
def throwaway_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Its log stays in the folder; its data goes at once. A run makes some hundred databases of hundreds of files each:
    they are in memory where there is room, where each takes a sixth of the time. What is killed there loses no more
    than on a disk: what the machine itself would lose when its power goes, no test looks at.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        place = stack.enter_context(_folder_in_memory()) if _has_room() else folder
        server = EmbeddedPostgres(place / "data")
        server.log_file = folder / "postgres.log"
        try:
            server.start()
            yield server
        finally:
            server.discard()


def is_in_memory(server: EmbeddedPostgres) -> bool:
    return server.data_dir.is_relative_to(MEMORY)


def _has_room() -> bool:
    with suppress(OSError):
        free = min(shutil.disk_usage(MEMORY).free, psutil.virtual_memory().available)
        return os.access(MEMORY, os.W_OK) and free > _ROOM_BYTES
    return False


@contextmanager
def _folder_in_memory() -> Iterator[Path]:
    _clear_what_was_left()
    with (
        TemporaryDirectory(prefix=_PREFIX, dir=MEMORY) as folder,
        open(f"{folder}/lock", "w") as lock,
    ):
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield Path(folder)


def _clear_what_was_left() -> None:
    """By runs that were killed: their locks went with them."""
    for lock in MEMORY.glob(f"{_PREFIX}*/lock"):
        with suppress(OSError), lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent)
