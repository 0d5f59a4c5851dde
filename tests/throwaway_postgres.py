"""A Postgres server that ends with the test or the run that wanted it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from genjin_deploy.embedded_postgres import EmbeddedPostgres


@contextmanager
def throwaway_postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    """Its log stays in the folder; its data goes at once, while most of it is only in memory. A run makes some hundred
    databases of hundreds of files each.
    """
    server = EmbeddedPostgres(folder / "data")
    try:
        server.start()
        yield server
    finally:
        server.discard()
