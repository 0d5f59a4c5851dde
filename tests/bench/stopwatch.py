"""Time taken: on the clock, and of this process' processor alone, without Postgres' own work."""

import time
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Taken:
    seconds: float
    processor_seconds: float

    def note(self, events: int) -> str:
        """What an event cost in this process."""
        return f"{1e6 * self.processor_seconds / events:.0f} µs of one processor for an event"


class Stopwatch:
    def __init__(self) -> None:
        self._started = time.perf_counter(), time.process_time()

    def read(self) -> Taken:
        clock, processor = self._started
        return Taken(time.perf_counter() - clock, time.process_time() - processor)
