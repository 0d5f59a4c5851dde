"""What a project was warned of, and who acknowledged it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never
from uuid import UUID

from genjin.event import Stamp
from genjin.warnings.events import WarningAcknowledged, WarningFact, WarningGiven
from genjin_api.replacing import replace


@dataclass(frozen=True)  # no slots: replaced when it is acknowledged
class Warned:
    """acknowledged_at None: not yet."""

    person_name: str
    acknowledged_at: datetime | None = None
    note: str = ""


@dataclass(frozen=True)  # no slots: replaced with every event
class Warning:
    """id is that of the event that told of the risk's occurrence. people are by their id."""

    id: UUID
    cause_project_id: UUID
    cause_project_code: str
    cause_risk_id: UUID
    cause_risk_event: str
    description: str
    measures: str
    risk_ids: tuple[UUID, ...]
    given_at: datetime
    people: Mapping[str, Warned]

    @property
    def waiting(self) -> list[UUID]:
        """Who has not acknowledged it."""
        return [UUID(key) for key, one in self.people.items() if one.acknowledged_at is None]


Warnings = Mapping[str, Warning]


def evolve(warnings: Warnings, fact: WarningFact, stamp: Stamp) -> Warnings:
    key = str(fact.warning_id)
    match fact:
        case WarningGiven():
            return {**warnings, key: _given(fact, stamp)}
        case WarningAcknowledged():
            warning, person = warnings[key], str(fact.person_id)
            seen = replace(
                warning.people[person], acknowledged_at=stamp.occurred_at, note=fact.note
            )
            return {**warnings, key: replace(warning, people={**warning.people, person: seen})}
        case _:
            assert_never(fact)


def _given(fact: WarningGiven, stamp: Stamp) -> Warning:
    return Warning(
        id=fact.warning_id,
        cause_project_id=fact.cause_project_id,
        cause_project_code=fact.cause_project_code,
        cause_risk_id=fact.cause_risk_id,
        cause_risk_event=fact.cause_risk_event,
        description=fact.description,
        measures=fact.measures,
        risk_ids=fact.risk_ids,
        given_at=stamp.occurred_at,
        people={str(one.person_id): Warned(one.person_name) for one in fact.people},
    )
