"""Facts of the people inside a project's customer, each by the id of the contact that it is.

Who reports to whom, and in which roles, stands by ids alone. Attitudes, notes and scores are sealed: values holds a
sealed text at each place of subjects, under the key of the contact's subject. The rest of the world is told neither.

Where a form told of it, form is its copy, as stakeholder_roles:1, and form_places are the places that this copy stands
behind from now on, as /roles/coach, /reports_to and /values/stance; null: somebody said it by hand.
"""

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from genjin.event import Fact


class StakeholderIdentified(Fact):
    """reports_to is another stakeholder of the project."""

    type: ClassVar[str] = "stakeholder.identified"
    contact_id: UUID
    subject_id: UUID
    roles: tuple[str, ...]
    reports_to: UUID | None
    values: dict[str, Any]
    subjects: dict[str, tuple[str, ...]]
    restricted: bool
    form: str | None = Field(default=None)
    form_places: tuple[str, ...] = Field(default=())


class StakeholderChanged(Fact):
    """roles and reports_to as they are now; of the values those that changed, null: taken away."""

    type: ClassVar[str] = "stakeholder.changed"
    contact_id: UUID
    roles: tuple[str, ...]
    reports_to: UUID | None
    values: dict[str, Any]
    subjects: dict[str, tuple[str, ...]]
    restricted: bool
    form: str | None = Field(default=None)
    form_places: tuple[str, ...] = Field(default=())


class RelationshipScored(Fact):
    """How the relationship stood on a day: number counts the scores of the stakeholder, from 1."""

    type: ClassVar[str] = "stakeholder.scored"
    contact_id: UUID
    number: int
    assessed_on: date
    values: dict[str, Any]
    subjects: dict[str, tuple[str, ...]]
    restricted: bool
    form: str | None = Field(default=None)


class StakeholderRemoved(Fact):
    """No longer one of the project; who reported to it reports to nobody known."""

    type: ClassVar[str] = "stakeholder.removed"
    contact_id: UUID
    reason: str


class StakeholderErased(Fact):
    """Its subject was erased: the key is gone, and what the project held of it is empty now."""

    type: ClassVar[str] = "stakeholder.erased"
    contact_id: UUID
    subject_id: UUID


StakeholderFact = (
    StakeholderIdentified
    | StakeholderChanged
    | RelationshipScored
    | StakeholderRemoved
    | StakeholderErased
)
