"""The correction of a wrong fact. Nothing is edited: the wrong event stays, and this one names it."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from genjin.event import Fact


class ReceiptReference(BaseModel):
    """The receipt of a visit that was left through its gate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str
    visit: int


class EntryCorrected(Fact):
    """What an earlier event of the same stream says is wrong: note says what is right. receipts are those that rest on
    that event. facts_version is the current visit's, whose judgements are asked for anew; null in a closed project.
    """

    type: ClassVar[str] = "entry.corrected"
    event_id: UUID
    event_type: str
    reason: str
    note: str
    receipts: tuple[ReceiptReference, ...]
    facts_version: int | None


CorrectionFact = EntryCorrected
