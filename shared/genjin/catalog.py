"""Every fact there is, read off the nouns' unions: a new member of a union is known here at once."""

from typing import Any, get_args

from genjin.changes.events import ChangeFact
from genjin.event import Fact
from genjin.evidence.events import LogKeyFact
from genjin.forms.events import FormFact
from genjin.forms.payloads import form_payload
from genjin.people.events import ApiKeyFact, PersonFact
from genjin.projects.events import ProjectFact
from genjin.requirements.events import RequirementFact
from genjin.risks.events import RiskFact
from genjin.stages.events import StageFact
from genjin.subscriptions.events import SubscriptionFact
from genjin.workspaces.events import WorkspaceFact

ProjectStreamFact = ProjectFact | StageFact | FormFact | RequirementFact | ChangeFact | RiskFact

_UNIONS = (
    WorkspaceFact,
    PersonFact,
    ApiKeyFact,
    ProjectStreamFact,
    SubscriptionFact,
    LogKeyFact,
)


def _members(union: Any) -> tuple[type[Fact], ...]:
    return get_args(union) or (union,)


FACTS: dict[str, type[Fact]] = {fact.type: fact for union in _UNIONS for fact in _members(union)}

# Told to nobody outside: they concern who may come in.
_SILENT_NOUNS = frozenset({"workspace", "person", "api_key"})


class UnknownEventTypeError(Exception):
    """The log holds an event that this release does not know: deploy readers before writers."""


def decode(type_: str, data: dict[str, Any]) -> Fact:
    """A stored event's data as its fact."""
    fact = FACTS.get(type_)
    if fact is None:
        raise UnknownEventTypeError(type_)
    return fact.model_validate(data)


def public_payload(event: dict[str, Any]) -> dict[str, Any] | None:
    """What the outside is told of an event: the event, less what is restricted; None where it is told nothing."""
    noun = event["type"].partition(".")[0]
    if noun in _SILENT_NOUNS:
        return None
    return form_payload(event) if noun == "form" else event
