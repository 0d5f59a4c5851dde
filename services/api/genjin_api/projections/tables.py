"""The projections: every table that is a fold of streams, and whose streams they are.

Secrets (api_key_secret, webhook_secret) are no facts: no fold brings them back, and nothing here touches them.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from genjin_api.accounts.projection import ACCOUNT
from genjin_api.contacts.projection import CONTACT
from genjin_api.people.projection import API_KEY, PERSON
from genjin_api.projects.projection import PROJECT
from genjin_api.streams import StreamKind
from genjin_api.subjects.projection import SUBJECT
from genjin_api.subscriptions.projection import SUBSCRIPTION
from genjin_api.workspaces.projection import WORKSPACE

SECRETS = frozenset({"api_key_secret", "webhook_secret"})


@dataclass(frozen=True, slots=True)
class Projection:
    """A table of genjin, the streams it is folded from, its column that names the stream's entity, its primary key.
    of_past: its rows are added by events and never change.
    """

    table: str
    kind: StreamKind[Any]
    stream_column: str
    key: tuple[str, ...]
    of_past: bool = False


_ENTITY = ("workspace_id", "id")
_PART = ("workspace_id", "project_id", "id")
_VISIT = ("workspace_id", "project_id", "ordinal")
_EVENT = ("workspace_id", "project_id", "version")
_MOMENT = ("workspace_id", "project_id", "position")
_VALUE = ("workspace_id", "project_id", "metric", "recorded_on", "version")

# In the order in which genjin.write_read_models writes them: who locks several of them locks in this order too, so
# that a switch and an append never wait for each other in a circle.
PROJECTIONS = (
    Projection("workspace", WORKSPACE, "workspace_id", ("workspace_id",)),
    Projection("person", PERSON, "id", _ENTITY),
    Projection("api_key", API_KEY, "id", _ENTITY),
    Projection("project", PROJECT, "id", _ENTITY),
    Projection("project_past", PROJECT, "id", ("workspace_id", "id", "position"), of_past=True),
    Projection("stage_visit", PROJECT, "project_id", ("workspace_id", "project_id", "ordinal")),
    Projection("follow_up", PROJECT, "project_id", _PART),
    Projection("form", PROJECT, "project_id", ("workspace_id", "project_id", "form", "copy")),
    Projection("requirement", PROJECT, "project_id", _PART),
    Projection("change_request", PROJECT, "project_id", _PART),
    Projection("risk", PROJECT, "project_id", _PART),
    Projection("milestone", PROJECT, "project_id", _PART),
    Projection("metric", PROJECT, "project_id", ("workspace_id", "project_id", "metric")),
    Projection("metric_value", PROJECT, "project_id", _VALUE, of_past=True),
    Projection("finding", PROJECT, "project_id", _PART),
    Projection("webhook_subscription", SUBSCRIPTION, "id", _ENTITY),
    Projection("subject", SUBJECT, "id", _ENTITY),
    Projection("document", PROJECT, "project_id", _PART),
    Projection("stage_entry", PROJECT, "project_id", _VISIT, of_past=True),
    Projection("stage_exit", PROJECT, "project_id", _VISIT, of_past=True),
    Projection("suspension", PROJECT, "project_id", _EVENT, of_past=True),
    Projection("judgement", PROJECT, "project_id", _EVENT, of_past=True),
    Projection("follow_up_past", PROJECT, "project_id", (*_PART, "version"), of_past=True),
    Projection("project_standing", PROJECT, "project_id", ("workspace_id", "project_id")),
    Projection("project_standing_past", PROJECT, "project_id", _MOMENT, of_past=True),
    Projection("warning", PROJECT, "project_id", _PART),
    Projection("account", ACCOUNT, "id", _ENTITY),
    Projection("contact", CONTACT, "id", _ENTITY),
    Projection("project_account", PROJECT, "project_id", ("workspace_id", "project_id")),
    Projection("stakeholder", PROJECT, "project_id", _PART),
    Projection("health_assessment", PROJECT, "project_id", _MOMENT, of_past=True),
)


class UnknownProjectionError(ValueError):
    """Names what was asked for and what there is."""


def chosen(tables: Collection[str]) -> Sequence[Projection]:
    """The projections of these tables, all for none. Each can be rebuilt alone: a row is a function of its stream."""
    known = {projection.table for projection in PROJECTIONS}
    if unknown := sorted(set(tables) - known):
        raise UnknownProjectionError(
            f"no projection {', '.join(unknown)}: there are {', '.join(sorted(known))}"
        )
    return [one for one in PROJECTIONS if not tables or one.table in tables]


def kinds(projections: Sequence[Projection]) -> dict[str, StreamKind[Any]]:
    """The kinds of streams that the projections are folded from, by noun."""
    return {one.kind.noun: one.kind for one in projections}
