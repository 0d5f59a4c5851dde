"""Facts of a project's health: what a person says of it."""

from typing import ClassVar

from genjin.event import Fact


class HealthAssessed(Fact):
    """level is one of the template's."""

    type: ClassVar[str] = "health.assessed"
    level: str
    reason: str


HealthFact = HealthAssessed
