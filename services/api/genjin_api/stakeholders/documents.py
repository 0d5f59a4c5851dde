"""Shapes of stakeholders and their scores in the API's answers, for OpenAPI."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel

from genjin.subjects.sealed_values import Withheld


class ScoreDocument(BaseModel):
    number: int
    assessed_on: date
    values: dict[str, Any]
    withheld: Mapping[str, Withheld]
    subjects: Mapping[str, tuple[str, ...]]
    scored_at: datetime
    scored_by: UUID
    scorer_name: str
    event_id: UUID
    form: str | None = None


class TrendDocument(ScoreDocument):
    """average is the mean of the dimensions; change and changes are since the score before, by the day assessed."""

    average: str | None
    change: str | None
    changes: dict[str, int]


class StakeholderDocument(BaseModel):
    """A person inside the customer; id is the contact's. values are null at the places of withheld, as in forms; scores
    are by their number. from_forms are the places that forms stand behind, each with one.
    """

    id: UUID
    subject_id: UUID
    roles: tuple[str, ...]
    reports_to: UUID | None
    values: dict[str, Any]
    withheld: Mapping[str, Withheld]
    subjects: Mapping[str, tuple[str, ...]]
    identified_at: datetime
    identified_by: UUID
    event_id: UUID
    restricted: bool
    status: Literal["active", "removed"]
    removal_reason: str
    scores: dict[str, ScoreDocument]
    from_forms: tuple[tuple[str, str], ...]
