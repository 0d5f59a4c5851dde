"""Facts of warnings: a project is warned of a risk that occurred elsewhere, and people acknowledge it."""

from typing import ClassVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from genjin.event import Fact


class WarnedPerson(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    person_id: UUID
    person_name: str


class WarningGiven(Fact):
    """The risk cause_risk_id of the engagement cause_project_id occurred. risk_ids are those risks of this project that
    are linked with it; people are whom it concerns here. warning_id is the id of the event that told of it there.
    """

    type: ClassVar[str] = "warning.given"
    warning_id: UUID
    cause_project_id: UUID
    cause_project_code: str
    cause_risk_id: UUID
    cause_risk_event: str
    description: str
    measures: str
    risk_ids: tuple[UUID, ...]
    people: tuple[WarnedPerson, ...]


class WarningAcknowledged(Fact):
    type: ClassVar[str] = "warning.acknowledged"
    warning_id: UUID
    person_id: UUID
    note: str


WarningFact = WarningGiven | WarningAcknowledged
