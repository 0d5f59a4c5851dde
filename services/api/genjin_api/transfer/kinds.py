"""Every noun with streams of its own: what an import folds, so that the read models are there at once."""

from typing import Any

from genjin_api.accounts.projection import ACCOUNT
from genjin_api.audit.projection import AUDIT
from genjin_api.contacts.projection import CONTACT
from genjin_api.evidence.projection import LOG_KEY
from genjin_api.people.projection import API_KEY, PERSON
from genjin_api.projects.projection import PROJECT
from genjin_api.streams import StreamKind
from genjin_api.subjects.projection import SUBJECT
from genjin_api.subscriptions.projection import SUBSCRIPTION
from genjin_api.templates.projection import TEMPLATE
from genjin_api.workspaces.projection import WORKSPACE

KINDS: dict[str, StreamKind[Any]] = {
    kind.noun: kind
    for kind in (
        WORKSPACE,
        PERSON,
        API_KEY,
        TEMPLATE,
        PROJECT,
        SUBSCRIPTION,
        SUBJECT,
        ACCOUNT,
        CONTACT,
        LOG_KEY,
        AUDIT,
    )
}
