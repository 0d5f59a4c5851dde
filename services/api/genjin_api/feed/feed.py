"""What the process keeps for its long answers: pages of the log, the tails of live clients, who is being answered."""

from dataclasses import dataclass

from genjin_api.feed.log_pages import LogPages
from genjin_api.feed.tails import Tails
from genjin_api.http.streams import Streams


@dataclass(frozen=True, slots=True)
class Feed:
    pages: LogPages
    tails: Tails
    streams: Streams

    def end_streams(self) -> None:
        """The process stops: nobody new is let in, and who is being answered is let go."""
        self.streams.closing.set()
        self.tails.wake_all()
