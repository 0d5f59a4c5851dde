"""Whatever writers do to their transactions, a reader of the log is served everything once and in order."""

import pytest

from tests.attack.melee import melee
from tests.attack.scenes import SCENES, play
from tests.attack.schemes import BigserialLog, GenjinLog, Scheme, TransactionIdLog
from tests.databases import Database


@pytest.mark.parametrize("scene", SCENES)
async def test_the_log_holds_when(fresh_database: Database, postgres_url: str, scene: str) -> None:
    verdict = await play(SCENES[scene], GenjinLog(), fresh_database.admin_url, postgres_url)
    assert verdict.holds, verdict
    assert verdict.acknowledged


@pytest.mark.parametrize(
    ("scheme", "scene", "fault"),
    [
        (BigserialLog(), "a writer commits late", "lost"),
        (TransactionIdLog(), "a writer wrote elsewhere first", "inverted"),
        (TransactionIdLog(), "another database has a long transaction", "late"),
    ],
)
async def test_the_attack_finds_what_is_wrong_with_other_schemes(
    fresh_database: Database, postgres_url: str, scheme: Scheme, scene: str, fault: str
) -> None:
    """Lest the attack is one that everything survives."""
    verdict = await play(SCENES[scene], scheme, fresh_database.admin_url, postgres_url)
    assert fault in verdict.faults()


@pytest.mark.parametrize("seed", range(3))
async def test_eight_writers_and_a_reader_agree_on_what_happened(
    fresh_database: Database, postgres_url: str, seed: int
) -> None:
    verdict = await melee(GenjinLog(), fresh_database.admin_url, postgres_url, 40, seed)
    assert verdict.holds, verdict
    assert verdict.acknowledged > 100
