"""The scrubber on Postgres: what was changed behind the sealer's back is found and named, and nothing is halted."""

import asyncio
from typing import Any

import pytest
import structlog

from genjin_notifier import scrubber
from genjin_notifier.scrubber import Scrubber
from tests.evidence.running import Said, of, run_until
from tests.evidence.sealed_log import SealedLog, notifier_settings
from tests.log.log import new_log

FLIP = "UPDATE genjin.event SET body = overlay(body placing '!' from 20 for 1) WHERE workspace_id = $1 AND position "


def scrubber_of(sealed: SealedLog, **settings: Any) -> Scrubber:
    quick = {"scrub_pause_seconds": 0.001, **settings}
    changed = notifier_settings(sealed.log.database).model_copy(update=quick)
    return Scrubber(changed, sealed.notifier_pool)


async def findings(sealed: SealedLog, **settings: Any) -> list[str]:
    with structlog.testing.capture_logs() as said:
        await scrubber_of(sealed, **settings).scrub(sealed.workspace_id)
    return reasons(said)


def reasons(said: Said) -> list[str]:
    assert {(each["event"], each["log_level"]) for each in said} <= {("log_damaged", "error")}
    return [each["reason"].removeprefix("DamagedLogError: ") for each in said]


@pytest.fixture
async def old(sealed: SealedLog) -> SealedLog:
    """1,300 events in commits of one to 600, sealed past several tiles, and some that are not sealed."""
    for sizes in ((1, 255, 1), (600, 40), (300, 3, 98)):
        await sealed.append(*sizes)
        await sealed.seal()
    await sealed.append(2)
    return sealed


@pytest.mark.parametrize("events_max", [1, 64, 1000, 5000])
async def test_a_sound_log_gives_no_findings(old: SealedLog, events_max: int) -> None:
    assert await findings(old, scrub_events_max=events_max) == []


@pytest.mark.parametrize("events_max", [1, 64, 5000])
@pytest.mark.parametrize("position", [1, 256, 900, 1298])
async def test_a_flipped_byte_of_an_old_body_is_found_and_its_position_named(
    old: SealedLog, position: int, events_max: int
) -> None:
    assert await old.tamper(f"{FLIP} = {position}") == 1
    said = await findings(old, scrub_events_max=events_max)
    assert set(said) == {f"position {position}: the leaf hash is not that of the event"}


async def test_a_body_changed_with_its_leaf_hash_does_not_fit_its_commit(old: SealedLog) -> None:
    where = "WHERE workspace_id = $1 AND position = 400"
    await old.tamper(
        f"UPDATE genjin.event SET body = replace(body, 'fact', 'fake') {where}",
        f"UPDATE genjin.event SET leaf_hash = sha256('\\x00'::bytea || convert_to(body, 'UTF8')) {where}",
    )
    said = await findings(old)
    assert "position 258: the commit here does not follow the one before it" in said


async def test_an_event_that_is_gone_is_named(old: SealedLog) -> None:
    await old.tamper("DELETE FROM genjin.event WHERE workspace_id = $1 AND position = 700")
    assert "position 700: there is no event" in await findings(old)


async def test_damage_does_not_hide_damage_behind_it(old: SealedLog) -> None:
    await old.tamper(f"{FLIP} IN (3, 1290)")
    said = await findings(old, scrub_events_max=64)
    assert {each.partition(":")[0] for each in said} == {"position 3", "position 1290"}


async def test_a_damaged_old_body_does_not_keep_new_events_from_being_sealed(
    old: SealedLog,
) -> None:
    sealer = old.sealer()
    await old.tamper(f"{FLIP} = 5")
    assert await findings(old) != []
    before = len(await old.checkpoints())
    await sealer.seal(old.workspace_id)
    assert len(await old.checkpoints()) == before + 1


async def test_a_finding_is_said_again_in_each_pass_until_the_log_is_mended(
    old: SealedLog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scrubber, "PASS_SECONDS_MIN", 0.0)
    await old.tamper(f"{FLIP} = 5")
    with structlog.testing.capture_logs() as said:

        async def said_twice() -> bool:
            return len(of(old, said)) >= 2

        await run_until(scrubber_of(old).run(), said_twice)


async def test_every_log_gets_its_turn_though_another_is_beyond_reading(old: SealedLog) -> None:
    other = SealedLog(new_log(old.log.database, old.log.pool), old.notifier_pool, old.superuser)
    await other.append(3)
    await other.tamper("UPDATE genjin.commit SET first_position = -9 WHERE workspace_id = $1")
    await old.tamper(f"{FLIP} = 5")
    with structlog.testing.capture_logs() as said:

        async def both_said() -> bool:
            return of(old, said) != [] and of(other, said) != []

        await run_until(scrubber_of(old).run(), both_said)


async def test_between_two_pauses_it_reads_no_more_than_it_may(old: SealedLog) -> None:
    await old.tamper(f"{FLIP} > 0")
    with structlog.testing.capture_logs() as said:
        work = scrubber_of(
            old, scrub_events_max=scrubber.LOOK_COSTS_EVENTS, scrub_pause_seconds=600
        )
        running = asyncio.create_task(work.scrub(old.workspace_id))
        await asyncio.sleep(0.3)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
    assert len(reasons(said)) == 1
