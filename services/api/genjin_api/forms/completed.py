"""What the newest complete revisions of a project's forms said, whatever drafts came after them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from genjin.forms.events import FormCompleted, FormErased, FormFact, FormRevised
from genjin.subjects.sealed_values import clear_places
from genjin_api.accounts.state import ProjectAccount
from genjin_api.forms.state import FormRecord, Forms, form_key


@dataclass(frozen=True, slots=True)
class Completed:
    """What a complete revision of one copy said. values are sealed at the places of subjects, as in FormRecord."""

    form: str
    copy_number: int
    values: Mapping[str, Any]
    subjects: Mapping[str, tuple[str, ...]]


# By the key of the copy: of those that are drafts now, and were complete before.
BeforeDrafts = Mapping[str, Completed]

# By the key of the copy: the account that the project was about when its newest complete revision was saved.
AccountsTold = Mapping[str, UUID]


def newest(forms: Forms, before_drafts: BeforeDrafts, key: str) -> Completed | None:
    """Of a copy; None where no revision was complete."""
    record = forms.get(key)
    return _of(record) if record and record.state == "complete" else before_drafts.get(key)


def evolve(known: BeforeDrafts, forms: Forms, fact: FormFact) -> BeforeDrafts:
    """forms are those before the fact."""
    key = form_key(fact.form, fact.copy_number)
    match fact:
        case FormCompleted():
            return {at: one for at, one in known.items() if at != key}
        case FormRevised(complete=False):
            return {**known, key: _of(forms[key])}
        case FormErased() if key in known:
            places = known[key].subjects.get(str(fact.subject_id), ())
            values = clear_places(known[key].values, places)
            return {**known, key: replace(known[key], values=values)}
        case _:
            return known


def tell_account(
    known: AccountsTold, fact: FormFact, account: ProjectAccount | None
) -> AccountsTold:
    """account: the one that the project is about now."""
    key = form_key(fact.form, fact.copy_number)
    account_id = account.account_id if account else None
    match fact:
        case FormCompleted() | FormRevised(complete=True) if known.get(key) != account_id:
            others = {at: one for at, one in known.items() if at != key}
            return others if account_id is None else {**others, key: account_id}
        case _:
            return known


def _of(record: FormRecord) -> Completed:
    return Completed(record.form, record.copy_number, record.values, record.subjects)
