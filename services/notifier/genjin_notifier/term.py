"""What the process does while it holds the lock: a dispatcher for each active subscription, a tail per workspace, and
the sealer, the scrubber, the index, its checker and the clock of all logs.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from genjin.log.reading import DamagedLogError
from genjin.postgres import DATABASE_ERRORS
from genjin.settings import NotifierSettings
from genjin.working_days import working_days
from genjin_notifier.clock import Clock
from genjin_notifier.delivery import Attempt
from genjin_notifier.disabling import Gone, disable
from genjin_notifier.disclosing import Disclosing
from genjin_notifier.dispatcher import Dispatcher
from genjin_notifier.egress import Egress
from genjin_notifier.event_index import EventIndex
from genjin_notifier.head import HeadSender
from genjin_notifier.index_checker import IndexChecker
from genjin_notifier.lane import read_lanes_on_their_own_way
from genjin_notifier.latest_checkpoints import LatestCheckpoints
from genjin_notifier.lock import Lock
from genjin_notifier.log_pages import ends_at
from genjin_notifier.recorder import Recorder
from genjin_notifier.retry_schedule import RetrySchedule
from genjin_notifier.scrubber import Scrubber
from genjin_notifier.sealer import Sealer
from genjin_notifier.standing import halt, place_of
from genjin_notifier.subscriptions import Key, Subscription, SubscriptionReader
from genjin_notifier.tail import Tail

REFRESH_SECONDS = 1.0
REFRESH_PAUSE_SECONDS = 0.2
DRAIN_SECONDS = 10.0
RESTART_SECONDS = 5.0

_log = structlog.get_logger(__name__)


@dataclass(slots=True)
class _Served:
    """A subscription and the task that serves it. halted: its log is not the one its cursor stood on."""

    subscription: Subscription
    task: asyncio.Task[None] | None = None
    dispatcher: Dispatcher | None = None
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    halted: bool = False
    gone: Gone | None = None

    def end(self, gone: Gone) -> None:
        """The receiver wants no more. The first of its answers that said so is kept."""
        self.gone = self.gone or gone
        self.stop()

    def stop(self) -> None:
        self.stopping.set()
        if self.dispatcher is not None:
            self.dispatcher.stop()


class Term:
    """Ends in order when stopping is set, or with an error as soon as the lock or the database is lost."""

    def __init__(
        self,
        settings: NotifierSettings,
        database: asyncpg.Pool,
        lock: Lock,
        egress: Egress,
        unsaved_attempts: list[Attempt],
    ) -> None:
        self._settings = settings
        self._database = database
        self._lock = lock
        self._egress = egress
        self._disclosing = Disclosing(database, settings.secret_key_bytes)
        self._recorder = Recorder(lock, unsaved_attempts)
        self._reader = SubscriptionReader(settings.secret_key_bytes)
        self._schedule = RetrySchedule(settings.retry_schedule_seconds, settings.retry_jitter)
        self._slots = asyncio.Semaphore(settings.in_flight_max)
        self._checkpoints = LatestCheckpoints()
        self._sealer = Sealer(settings, database, self._checkpoints)
        self._tails: dict[UUID, Tail] = {}
        self._served: dict[Key, _Served] = {}
        self._refresh_wanted = asyncio.Event()
        self._draining = False
        self._failed: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def run(self, stopping: asyncio.Event) -> None:
        await self._lock.listen(self._heard)
        stop = asyncio.create_task(stopping.wait())
        work = (
            self._recorder.run(),
            self._poll(),
            self._keep_subscriptions(),
            self._sealer.run(),
            Scrubber(self._settings, self._database).run(),
            EventIndex(self._database).run(),
            IndexChecker(self._settings, self._database).run(),
            Clock(
                self._database, self._settings.clock_seconds, working_days(self._settings.calendar)
            ).run(),
        )
        services = [asyncio.create_task(each) for each in work]
        faults: list[asyncio.Future[None]] = [self._failed, self._lock.lost, *services]
        try:
            endings: list[asyncio.Future[Any]] = [stop, *faults]
            await asyncio.wait(endings, return_when=asyncio.FIRST_COMPLETED)
            _raise_if_any(faults)
            await self._drain(faults)
        finally:
            if not self._failed.cancel():
                self._failed.exception()
            serving = [served.task for served in self._served.values() if served.task]
            for task in (stop, *services, *serving):
                task.cancel()
            await asyncio.gather(stop, *services, *serving, return_exceptions=True)

    async def _drain(self, faults: list[asyncio.Future[None]]) -> None:
        """Attempts under way may end; what has happened is written."""
        self._draining = True
        for served in self._served.values():
            served.stop()
        serving = [served.task for served in self._served.values() if served.task]
        endings: list[asyncio.Future[Any]] = [
            asyncio.gather(*serving, return_exceptions=True),
            *faults,
        ]
        await asyncio.wait(endings, timeout=DRAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        _raise_if_any(faults)
        for task in serving:
            task.cancel()
        await asyncio.gather(*serving, return_exceptions=True)
        await self._recorder.flush()

    # Waking

    def _heard(self, workspace: str) -> None:
        with suppress(ValueError):
            workspace_id = UUID(workspace)
            self._sealer.wake(workspace_id)
            tail = self._tails.get(workspace_id)
            if tail is None:
                self._refresh_wanted.set()  # perhaps its first subscription
            else:
                tail.wake()

    async def _poll(self) -> None:
        """The backstop for a wake-up that was lost, the look whether a log that nobody writes is still the same, and
        the pulse of the lock's connection.
        """
        while True:
            for workspace_id, head in await self._lock.heads(list(self._tails)):
                tail = self._tails.get(workspace_id)
                if tail is not None and not ends_at(tail.end, head):
                    tail.wake()
            await asyncio.sleep(self._settings.poll_seconds)

    # Subscriptions

    async def _keep_subscriptions(self) -> None:
        while True:
            self._refresh_wanted.clear()
            wanted = await self._reader.read(self._database)
            if not self._draining:
                self._serve_exactly(wanted)
            await asyncio.sleep(REFRESH_PAUSE_SECONDS)
            with suppress(TimeoutError):
                async with asyncio.timeout(REFRESH_SECONDS):
                    await self._refresh_wanted.wait()

    def _serve_exactly(self, wanted: dict[Key, Subscription]) -> None:
        for key, served in list(self._served.items()):
            changed = wanted.get(key)
            if changed is None:
                served.stop()
                if served.halted:
                    del self._served[key]
            elif changed is not served.subscription and served.halted:
                del self._served[key]  # perhaps it was recovered: it is looked at again
            elif changed is not served.subscription:
                served.subscription = changed
                if served.dispatcher is not None:
                    served.dispatcher.subscription = changed
        for key in wanted.keys() - self._served.keys():
            served = self._served[key] = _Served(wanted[key])
            served.task = asyncio.create_task(self._serve(served))
        for workspace_id in self._tails.keys() - {workspace_id for workspace_id, _ in self._served}:
            del self._tails[workspace_id]
            self._checkpoints.forget(workspace_id)

    async def _serve(self, served: _Served) -> None:
        """Until it is stopped. What happened is written before anybody else may serve the subscription."""
        try:
            while not served.stopping.is_set():
                await self._dispatch(served)
                await self._recorder.flush()
            if served.gone is not None and not served.halted:
                await self._disable(served.gone)
        except* DATABASE_ERRORS as errors:
            if not self._failed.done():
                self._failed.set_exception(_first(errors))
        if not served.halted:
            del self._served[served.subscription.key]
            self._refresh_wanted.set()

    async def _disable(self, gone: Gone) -> None:
        """Where it was changed since, it is served as it is now."""
        if await disable(self._lock, gone):
            name = str(gone.subscription.id)
            _log.warning("subscription_disabled", subscription_id=name, position=gone.position)

    async def _dispatch(self, served: _Served) -> None:
        """A fault of our own in one subscription is no reason to stop the others."""
        name, looked_at = str(served.subscription.id), served.subscription
        try:
            served.dispatcher = await self._dispatcher(served)
            served.dispatcher.subscription = served.subscription  # it may have changed meanwhile
            if not served.stopping.is_set():
                await served.dispatcher.run()
        except* DATABASE_ERRORS:
            raise
        except* DamagedLogError as errors:
            error = _first(errors)
            assert isinstance(error, DamagedLogError)
            if served.dispatcher is not None:
                looked_at = served.subscription  # while it was served nobody could recover it
            await self._recorder.flush()  # so that it is known where it stands
            reason = await halt(self._lock, looked_at, error)
            # What became of it meanwhile, as its recovery, is then seen as a change: it is looked at again.
            served.subscription = looked_at
            served.halted = True
            served.stopping.set()
            self._refresh_wanted.set()
            _log.error("subscription_halted", subscription_id=name, reason=reason)
        except* Exception as errors:
            _log.error("dispatcher_failed", subscription_id=name, exc_info=_first(errors))
            with suppress(TimeoutError):
                async with asyncio.timeout(RESTART_SECONDS):
                    await served.stopping.wait()
        served.dispatcher = None

    async def _dispatcher(self, served: _Served) -> Dispatcher:
        """Where the subscription stands, read from the database. Raises DamagedLogError."""
        subscription = served.subscription
        place = await place_of(self._database, self._lock, subscription)
        await self._checkpoints.watch(self._database, subscription.workspace_id)
        lanes = await read_lanes_on_their_own_way(self._database, *subscription.key)
        sender = HeadSender(
            subscription,
            recorder=self._recorder,
            egress=self._egress,
            disclosing=self._disclosing,
            schedule=self._schedule,
            checkpoints=self._checkpoints,
            slots=self._slots,
            slots_per_subscription=self._settings.in_flight_per_subscription_max,
            on_gone=served.end,
        )
        tail = self._tail(subscription.workspace_id)
        return Dispatcher(sender, place, lanes, self._database, tail, self._recorder)

    def _tail(self, workspace_id: UUID) -> Tail:
        if workspace_id not in self._tails:
            page_events = self._settings.read_batch_max
            self._tails[workspace_id] = Tail(
                self._database, workspace_id, page_events, self._refresh_wanted.set
            )
        return self._tails[workspace_id]


def _raise_if_any(faults: list[asyncio.Future[None]]) -> None:
    for fault in faults:
        if fault.done():
            fault.result()


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
