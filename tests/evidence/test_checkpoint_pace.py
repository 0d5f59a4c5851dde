"""How often a log is sealed while events come: by the second, not by the event."""

import asyncio
from contextlib import suppress

from tests.evidence.sealed_log import SealedLog

APPENDS_SECONDS = 3.5


async def test_checkpoints_come_about_each_second_while_events_come(sealed: SealedLog) -> None:
    """As many as the recorded times leave room for, and far fewer than there are commits."""
    sealer = sealed.sealer()
    running = asyncio.create_task(sealer.run())
    try:
        async with asyncio.timeout(60):
            while await span_seconds(sealed) < APPENDS_SECONDS:
                await sealed.append(1)
                sealer.wake(sealed.workspace_id)
                await asyncio.sleep(0.02)
            while not await all_sealed(sealed):  # noqa: ASYNC110  # no event tells
                await asyncio.sleep(0.05)
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
    count = len(await sealed.checkpoints())
    assert 2 <= count <= await span_seconds(sealed) + 3
    assert count < sealed.appended / 3


async def span_seconds(sealed: SealedLog) -> float:
    """Between the first and the last event that were recorded, and the last checkpoint."""
    found: float = await sealed.superuser.fetchval(
        """
        SELECT coalesce(extract(epoch FROM max(at) - min(at)), 0)::float8
          FROM (SELECT recorded_at FROM genjin.commit WHERE workspace_id = $1
                UNION ALL SELECT sealed_at FROM genjin.signed_checkpoint WHERE workspace_id = $1) AS times (at)
        """,
        sealed.workspace_id,
    )
    return found


async def all_sealed(sealed: SealedLog) -> bool:
    checkpoints = await sealed.checkpoints()
    return bool(checkpoints) and checkpoints[-1]["size"] == sealed.appended
