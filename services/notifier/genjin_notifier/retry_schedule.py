"""When a failed event is tried again. Pure: the random number comes from outside."""

from collections.abc import Sequence
from dataclasses import dataclass

RETRY_AFTER_SECONDS_MAX = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class RetrySchedule:
    """waits_seconds are the waits after each failed attempt; jitter is the share of a wait that is added at random."""

    waits_seconds: Sequence[float]
    jitter: float

    def next_wait(
        self, attempt_number: int, retry_after_seconds: float | None, random: float
    ) -> float | None:
        """Seconds until the next attempt; None when the schedule is used up and the event is parked.

        attempt_number counts from 1, random is in [0, 1). Jitter never makes a wait shorter, and neither does the
        receiver's Retry-After, which is believed up to a day.
        """
        if attempt_number > len(self.waits_seconds):
            return None
        wait = self.waits_seconds[attempt_number - 1] * (1 + self.jitter * random)
        return max(wait, min(retry_after_seconds or 0.0, RETRY_AFTER_SECONDS_MAX))
