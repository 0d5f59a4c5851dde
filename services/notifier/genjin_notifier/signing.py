"""The signatures of a delivery: by the subscription's secret, and for a time by the one before it, too."""

from dataclasses import dataclass
from datetime import datetime

from standardwebhooks import Webhook


@dataclass(frozen=True, slots=True)
class Signer:
    """Until previous_until a receiver may know either secret."""

    newest: Webhook
    previous: Webhook | None = None
    previous_until: datetime | None = None

    def sign(self, identifier: str, now: datetime, body: str) -> str:
        """The value of webhook-signature, as Standard Webhooks has it: several are parted by a space."""
        signers = [self.newest]
        if self.previous and self.previous_until and now < self.previous_until:
            signers.append(self.previous)
        return " ".join(each.sign(identifier, now, body) for each in signers)
