"""Delivers the head of a lane's queue and settles it: passed, parked and passed, or held until the next attempt."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import random

from genjin_notifier.delivery import Attempt, attempt
from genjin_notifier.disabling import GONE, Gone
from genjin_notifier.disclosing import ChangedSinceError, Disclosing
from genjin_notifier.egress import Egress
from genjin_notifier.lane import Lane
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.outcome import Outcome
from genjin_notifier.recorder import Recorder
from genjin_notifier.retry_schedule import RetrySchedule
from genjin_notifier.subscriptions import Subscription
from genjin_notifier.tail import Outgoing

CHANGED_PAUSE_SECONDS = 0.1


class HeadSender:
    """One subscription's attempts: at most so many under way, and none once stopping is set."""

    def __init__(
        self,
        subscription: Subscription,
        *,
        recorder: Recorder,
        egress: Egress,
        disclosing: Disclosing,
        schedule: RetrySchedule,
        checkpoints: LatestCheckpoints,
        slots: asyncio.Semaphore,
        slots_per_subscription: int,
        on_gone: Callable[[Gone], None],
    ) -> None:
        self.subscription = subscription
        self.stopping = False
        self._recorder = recorder
        self._egress = egress
        self._disclosing = disclosing
        self._schedule = schedule
        self._checkpoints = checkpoints
        self._slots = slots
        self._on_gone = on_gone
        self._own_slots = asyncio.Semaphore(slots_per_subscription)

    async def send(self, lane: Lane) -> bool:
        """Whether the head was settled and the lane may go on; False when it is held, or when we stop."""
        event = lane.queue[0]
        if _told_to_nobody(event):
            lane.pass_head()
            return True
        while not self.stopping:
            try:
                made = await self._attempt(lane, event)
            except ChangedSinceError:
                # Soon it is known here as it is now, or not served any more.
                await asyncio.sleep(CHANGED_PAUSE_SECONDS)
                continue
            return made is not None and self._settle(lane, event, made)
        return False

    async def _attempt(self, lane: Lane, event: Outgoing) -> Attempt | None:
        """None when we stop. Raises ChangedSinceError."""
        await self._recorder.room()
        async with self._own_slots, self._slots:
            if self.stopping:
                return None
            subscription = self.subscription
            made = await attempt(
                self._egress,
                self._disclosing,
                subscription,
                event,
                number=lane.attempts + 1,
                previous_version=lane.sent_version,
                checkpoint=self._checkpoints.header(subscription.workspace_id),
                announce=self._recorder.announce,
                on_interrupted=self._recorder.add_attempt,
            )
        if made.answer.status == GONE:
            self._on_gone(Gone(subscription, event.position))
        return made

    def _settle(self, lane: Lane, event: Outgoing, made: Attempt) -> bool:
        if made.answer.outcome is Outcome.ACCEPTED:
            lane.sent_version = event.version
            lane.pass_head()
        else:
            wait = self._schedule.next_wait(made.number, made.answer.retry_after_seconds, random())
            if wait is None and made.answer.status == GONE:
                wait = 0.0  # the subscription ends, not the event
            if wait is None:
                # The gap shows: the next event's webhook-previous-sequence names the last one that was delivered.
                made.parked = True
                lane.pass_head()
            else:
                made.next_attempt_at = datetime.now(UTC) + timedelta(seconds=wait)
                lane.hold_head(made.number, made.started_at, made.next_attempt_at)
        self._recorder.add_attempt(made)
        self._recorder.add_lane(self.subscription.key, lane)
        return made.next_attempt_at is None


def _told_to_nobody(event: Outgoing) -> bool:
    """An event that cannot be put into words is not one of these: its attempt fails and is recorded."""
    try:
        return event.body() is None
    except Exception:
        return False
