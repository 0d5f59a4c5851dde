"""Every fact there is, read off the nouns' unions: a new member of a union is known here at once."""

from typing import Any, get_args

from genjin.accounts.events import AccountFact
from genjin.audit.events import AuditFact
from genjin.changes.events import ChangeFact
from genjin.clock.events import ClockFact
from genjin.contacts.events import ContactFact
from genjin.corrections.events import CorrectionFact
from genjin.documents.events import DocumentFact
from genjin.engagements.events import EngagementFact
from genjin.event import Fact
from genjin.evidence.events import LogKeyFact
from genjin.findings.events import FindingFact
from genjin.forms.events import FormFact
from genjin.forms.payloads import form_payload
from genjin.goals.events import GoalFact
from genjin.health.events import HealthFact
from genjin.metrics.events import MetricFact
from genjin.milestones.events import MilestoneFact
from genjin.people.events import ApiKeyFact, PersonFact
from genjin.projects.events import ProjectFact
from genjin.requirements.events import RequirementFact
from genjin.risks.events import RiskFact
from genjin.stages.events import StageFact
from genjin.stakeholders.events import StakeholderFact
from genjin.stakeholders.payloads import stakeholder_payload
from genjin.subjects.events import SubjectFact
from genjin.subscriptions.events import SubscriptionFact
from genjin.templates.events import TemplateFact, template_payload
from genjin.warnings.events import WarningFact
from genjin.workspaces.events import WorkspaceFact

ProjectStreamFact = (
    ProjectFact
    | StageFact
    | FormFact
    | RequirementFact
    | ChangeFact
    | RiskFact
    | MilestoneFact
    | MetricFact
    | FindingFact
    | CorrectionFact
    | DocumentFact
    | StakeholderFact
    | ClockFact
    | EngagementFact
    | GoalFact
    | HealthFact
    | WarningFact
)

_UNIONS = (
    WorkspaceFact,
    PersonFact,
    ApiKeyFact,
    ProjectStreamFact,
    SubscriptionFact,
    SubjectFact,
    AccountFact,
    ContactFact,
    TemplateFact,
    LogKeyFact,
    AuditFact,
)


def members(union: Any) -> tuple[type[Fact], ...]:
    return get_args(union) or (union,)


FACTS: dict[str, type[Fact]] = {fact.type: fact for union in _UNIONS for fact in members(union)}

# Told to nobody outside: they concern who may come in, and what auditors look at.
_SILENT_NOUNS = frozenset({"workspace", "person", "api_key", "audit"})


class UnknownEventTypeError(Exception):
    """The log holds an event that this release does not know: deploy readers before writers."""

    def __init__(self, type_: str) -> None:
        super().__init__(f"{type_} is no event of this release: deploy readers before writers")


class UnknownSchemaVersionError(Exception):
    """The log holds an event in a shape that this release does not know."""

    def __init__(self, fact: type[Fact], schema_version: int) -> None:
        super().__init__(
            f"{fact.type} stands in schema_version {schema_version}, this release knows 1 to"
            f" {fact.schema_version}: deploy readers before writers"
        )


def decode(type_: str, schema_version: int, data: dict[str, Any]) -> Fact:
    """A stored event's data as its fact, brought up step by step from the schema_version that it was written in."""
    fact = FACTS.get(type_)
    if fact is None:
        raise UnknownEventTypeError(type_)
    return fact.model_validate(upcast(fact, schema_version, data))


def upcast(fact: type[Fact], schema_version: int, data: dict[str, Any]) -> dict[str, Any]:
    """Data of an old schema_version in the shape of today's class."""
    if not 1 <= schema_version <= fact.schema_version:
        raise UnknownSchemaVersionError(fact, schema_version)
    for version in range(schema_version, fact.schema_version):
        data = fact.upcasts[version](data)
    return data


def public_payload(event: dict[str, Any]) -> dict[str, Any] | None:
    """What the outside is told of an event: the event, less what is restricted; None where it is told nothing."""
    noun = event["type"].partition(".")[0]
    if noun in _SILENT_NOUNS:
        return None
    match noun:
        case "form":
            return form_payload(event)
        case "contact" | "stakeholder":
            return stakeholder_payload(event)
        case "template":
            return template_payload(event)
        case _:
            return event
