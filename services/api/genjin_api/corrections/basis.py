"""The mark on a visit whose receipt rests on an event that was corrected since."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class CorrectedBasis:
    """at is when the correction happened, as its event says."""

    corrected_event_id: UUID
    correction_event_id: UUID
    at: datetime
