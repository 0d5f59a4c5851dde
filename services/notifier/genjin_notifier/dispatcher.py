"""One subscription: reads the log after its cursor and hands each stream's events, in order, to its lane.

An open lane follows the cursor. When its head fails, or when more waits in it than may be kept in memory, it goes its
own way: its row says where it stands, the events behind are implied by the log, and the cursor passes them. It reads
them from the log itself and joins the others again where it has caught up. So a receiver that is down costs a row per
stream, a stream that fails costs the others nothing, and nothing is lost with the process.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime

import asyncpg

from genjin_notifier.head import HeadSender
from genjin_notifier.lane import Lane, LaneState, read_lanes
from genjin_notifier.log_pages import CommitEnd, Place
from genjin_notifier.recorder import Cursor, Recorder
from genjin_notifier.subscriptions import Subscription
from genjin_notifier.tail import Outgoing, Tail

BUFFERED_EVENTS_MAX = 256
LANE_EVENTS_MAX = 32
LANES_KNOWN_MAX = 4096
LANES_ON_THEIR_OWN_MAX = 20_000
LANES_ON_THEIR_OWN_AT_WORK_MAX = 8
CURSOR_SECONDS = 0.25


class Dispatcher:
    """Runs until it is stopped. However run() ends, what it recorded is a state from which another can start."""

    def __init__(
        self,
        sender: HeadSender,
        place: Place,
        lanes: Sequence[Lane],
        database: asyncpg.Pool,
        tail: Tail,
        recorder: Recorder,
    ) -> None:
        self._sender = sender
        self._place = place
        self._cursor: Cursor | None = None  # as it was recorded last
        self._lanes = {lane.stream: lane for lane in lanes}
        self._database = database
        self._tail = tail
        self._recorder = recorder
        self._open_at_work: set[Lane] = set()
        self._on_their_own = len(lanes)
        self._ready: asyncio.Queue[Lane | None] = asyncio.Queue()
        self._timers: dict[str, asyncio.TimerHandle] = {}
        self._waiting_for_room = False
        self._woken = asyncio.Event()
        self._stopping = asyncio.Event()

    @property
    def subscription(self) -> Subscription:
        return self._sender.subscription

    @subscription.setter
    def subscription(self, changed: Subscription) -> None:
        self._sender.subscription = changed

    async def run(self) -> None:
        self._tail.readers.add(self._woken)
        self._record_cursor()
        try:
            async with asyncio.TaskGroup() as self._tasks:
                self._tasks.create_task(self._read_on())
                self._tasks.create_task(self._save_cursor())
                for _ in range(LANES_ON_THEIR_OWN_AT_WORK_MAX):
                    self._tasks.create_task(self._serve_lanes_on_their_own())
                for lane in list(self._lanes.values()):
                    self._resume(lane)
        finally:
            self._tail.readers.discard(self._woken)
            for timer in self._timers.values():
                timer.cancel()
            self._record_cursor()

    def stop(self) -> None:
        """No new attempt starts; run() returns when those under way have ended."""
        self._sender.stopping = True
        self._stopping.set()
        self._woken.set()
        for _ in range(LANES_ON_THEIR_OWN_AT_WORK_MAX):
            self._ready.put_nowait(None)

    # The tail

    async def _read_on(self) -> None:
        while not self._stopping.is_set():
            self._woken.clear()
            self._waiting_for_room = not self._has_room()
            page = [] if self._waiting_for_room else await self._tail.read(self._place)
            if not page:
                await self._woken.wait()
                continue
            # Asked once: the subscription may be another before the lanes are known.
            wanted = {event.position for event in page if self.subscription.wants(event)}
            await self._know_lanes({event.stream for event in page if event.position in wanted})
            room = BUFFERED_EVENTS_MAX - self._buffered()
            for event in page:
                if room <= 0:
                    break
                self._place = event.place
                if event.position in wanted:
                    room -= self._offer(event)
            if wanted:
                self._record_cursor()  # before what becomes of these events

    def _has_room(self) -> bool:
        """A quarter at the least, so that what comes in comes in pages."""
        return (
            self._buffered() <= BUFFERED_EVENTS_MAX * 3 // 4
            and self._on_their_own < LANES_ON_THEIR_OWN_MAX
        )

    def _buffered(self) -> int:
        """Counted when it is asked for: offers and deliveries overlap, and a count kept beside them would drift."""
        return sum(lane.buffered for lane in self._open_at_work)

    async def _know_lanes(self, streams: set[str]) -> None:
        if len(self._lanes) - self._on_their_own > LANES_KNOWN_MAX:
            self._lanes = {
                stream: lane for stream, lane in self._lanes.items() if not lane.forgettable
            }
        unknown = list(streams - self._lanes.keys())
        if unknown:
            self._lanes |= await read_lanes(self._database, *self.subscription.key, unknown)

    def _offer(self, event: Outgoing) -> bool:
        """Whether the event now waits in its lane's queue."""
        lane = self._lanes[event.stream]
        if event.version <= lane.done_version or lane.state is not LaneState.OPEN:
            return False
        if len(lane.queue) >= LANE_EVENTS_MAX:
            lane.state = LaneState.BEHIND
            self._on_their_own += 1
            self._recorder.add_lane(self.subscription.key, lane)
            return False
        lane.queue.append(event)
        lane.buffered += 1
        if not lane.at_work:
            lane.at_work = True
            self._open_at_work.add(lane)
            self._tasks.create_task(self._serve_open(lane))
        return True

    async def _serve_open(self, lane: Lane) -> None:
        while lane.queue and not self._stopping.is_set():
            await self._send(lane)
        lane.at_work = False
        if lane.state is not LaneState.OPEN or not lane.queue:
            self._open_at_work.discard(lane)
        if lane.state is LaneState.BEHIND:
            self._ready.put_nowait(lane)

    async def _send(self, lane: Lane) -> bool:
        was_open = lane.state is LaneState.OPEN
        goes_on = await self._sender.send(lane)
        if lane.state is LaneState.RETRYING:
            self._on_their_own += was_open
            self._resume(lane)
        if self._waiting_for_room and self._has_room():
            self._woken.set()
        return goes_on

    # Lanes on their own

    def _resume(self, lane: Lane) -> None:
        """Take the lane up when it is due."""
        wait = 0.0
        if lane.next_attempt_at is not None:
            wait = (lane.next_attempt_at - datetime.now(UTC)).total_seconds()
        loop = asyncio.get_running_loop()
        self._timers[lane.stream] = loop.call_later(max(0.0, wait), self._due, lane)

    def _due(self, lane: Lane) -> None:
        del self._timers[lane.stream]
        self._ready.put_nowait(lane)

    async def _serve_lanes_on_their_own(self) -> None:
        while (lane := await self._ready.get()) is not None and not self._stopping.is_set():
            if not lane.queue:
                await self._read_lane(lane)
            while lane.queue and not self._stopping.is_set():
                await self._send(lane)
            if lane.state is LaneState.BEHIND:
                self._ready.put_nowait(lane)  # behind the others: every lane gets its turn

    async def _read_lane(self, lane: Lane) -> None:
        """Fill the queue from the log, or join the tail when the lane has come as far as the tail has been read."""
        up_to = self._place
        page = await self._tail.read_lane(lane.stream, lane.done_version, up_to, LANE_EVENTS_MAX)
        lane.queue.extend(event for event in page if self.subscription.wants(event))
        if lane.queue:
            if lane.queue[0].position != lane.held_position:
                lane.clear_failures()
            return
        if page:
            lane.done_version = page[-1].version
            lane.state = LaneState.BEHIND
        elif self._place == up_to:
            lane.state = LaneState.OPEN
            self._on_their_own -= 1
        else:
            lane.state = LaneState.BEHIND
        self._recorder.add_lane(self.subscription.key, lane)

    # The cursor

    async def _save_cursor(self) -> None:
        while not self._stopping.is_set():
            self._record_cursor()
            if (
                self._waiting_for_room
            ):  # who does not read must look whether it is still the same log
                await self._tail.prove(self._place)
            with suppress(TimeoutError):
                async with asyncio.timeout(CURSOR_SECONDS):
                    await self._stopping.wait()

    def _record_cursor(self) -> None:
        cursor = Cursor(self._settled(), self._place.proof)
        if cursor != self._cursor:
            self._cursor = cursor
            self._recorder.add_cursor(self.subscription.key, cursor)

    def _settled(self) -> CommitEnd:
        """Everything at or below is settled, or its lane is on its own with a row that says so."""
        waiting = [
            lane.queue[0]
            for lane in self._open_at_work
            if lane.queue and lane.state is LaneState.OPEN
        ]
        if not waiting:
            return self._place.settled
        return min(waiting, key=lambda event: event.position).commit.before
