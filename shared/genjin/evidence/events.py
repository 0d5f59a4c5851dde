"""Facts of the keys that sign a workspace's checkpoints (stream log_key-<workspace id>)."""

from typing import ClassVar

from genjin.event import Fact
from genjin.evidence.note import ROTATION_REQUESTED


class LogKeyRotationRequested(Fact):
    """The sealer hands over to a new key at the checkpoint that covers this event."""

    type: ClassVar[str] = ROTATION_REQUESTED
    reason: str


LogKeyFact = LogKeyRotationRequested
