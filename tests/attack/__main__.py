"""`make attack`: the same attack on our log and on two other schemes, so that everybody can see what each does."""

import asyncio
import tempfile
from pathlib import Path

from rich.console import Console
from rich.table import Table

from genjin_deploy.embedded_postgres import EmbeddedPostgres
from tests.attack.melee import WRITERS, melee
from tests.attack.oracle import Verdict
from tests.attack.scenes import SCENES, play
from tests.attack.schemes import SCHEMES
from tests.databases import copy_migrated, migrate_once

MELEE_WRITES = 100
MELEE_ROUNDS = 3


async def run(console: Console) -> None:
    table = Table(title="What a tailing reader was served, held against what the writers were told")
    table.add_column("attack")
    for scheme in SCHEMES:
        table.add_column(scheme.name)
    with (
        tempfile.TemporaryDirectory(prefix="genjin-attack-") as folder,
        EmbeddedPostgres(Path(folder) / "data") as postgres,
    ):
        await migrate_once(postgres)
        for name, scene in SCENES.items():
            cells = []
            for scheme in SCHEMES:
                database = await copy_migrated(postgres)
                cells.append(_cell(await play(scene, scheme(), database.admin_url, postgres.dsn())))
            table.add_row(name, *cells)
        for seed in range(MELEE_ROUNDS):
            cells = []
            for scheme in SCHEMES:
                url = (await copy_migrated(postgres)).admin_url
                verdict = await melee(scheme(), url, postgres.dsn(), MELEE_WRITES, seed)
                cells.append(_cell(verdict))
            table.add_row(f"{WRITERS} writers at will, round {seed + 1}", *cells)
    console.print(table)


def _cell(verdict: Verdict) -> str:
    faults = verdict.faults()
    if not faults:
        return f"all {verdict.acknowledged} served in order"
    return ", ".join(f"{count} {name}" for name, count in faults.items()) + (
        f" of {verdict.acknowledged}"
    )


if __name__ == "__main__":
    asyncio.run(run(Console(width=140)))
