"""Which forms stand behind the details of an account or a contact, so that each takes back its own word alone. Pure.

Projects share accounts and contacts, so a form is one of a project. A detail that no form stands behind was said by
hand: a form that says the same again does not make it its own, and a hand that says what a form said takes it over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from genjin.forms.telling import ToldByForm


@dataclass(frozen=True, slots=True, order=True)
class FormWord:
    """A detail, and the form that says what stands there: its copy, as customer_profile:1, since this revision."""

    detail: str
    project_id: UUID
    form: str
    revision: int

    @property
    def copy(self) -> tuple[UUID, str]:
        return self.project_id, self.form


# Sorted.
Provenance = tuple[FormWord, ...]


@dataclass(frozen=True, slots=True)
class FormRevision:
    """The revision of a form that is heard; form is its copy."""

    project_id: UUID
    form: str
    revision: int


@dataclass(frozen=True, slots=True)
class Heard:
    """What a form changes: the details that become another, null: taken back; and behind which it stood and stands."""

    details: Mapping[str, Any]
    before: frozenset[str]
    behind: frozenset[str]

    @property
    def is_news(self) -> bool:
        return bool(self.details) or self.behind != self.before


def hear(
    standing: Mapping[str, Any],
    known: Provenance,
    form: FormRevision,
    said: Collection[str],
    new: Mapping[str, Any],
) -> Heard:
    """said: every detail that the form says; new: those with what it did not say here before, for whoever changed the
    rest since has the newer word.
    """
    copy = form.project_id, form.form
    own = frozenset(word.detail for word in known if word.copy == copy)
    others = {word.detail for word in known if word.copy != copy}
    gone = own.difference(said, others)
    other = {name: value for name, value in new.items() if standing.get(name) != value}
    joined = new.keys() & (own | others)
    return Heard(
        {**dict.fromkeys(sorted(gone)), **other},
        before=own,
        behind=own.intersection(said).union(other, joined),
    )


def stand_behind(known: Provenance, moved: Collection[str], told: ToldByForm) -> Provenance:
    """After a fact that says something of the moved details: who said them before stands behind them no longer."""
    standing = [word for word in known if word.detail not in moved]
    if told.project_id is None or told.form is None or told.revision is None:
        return tuple(standing)
    copy, revision = (told.project_id, told.form), told.revision
    own = {word.detail: word for word in standing if word.copy == copy}
    others = [word for word in standing if word.copy != copy]
    words = [own.get(name) or FormWord(name, *copy, revision) for name in told.form_details]
    return tuple(sorted([*others, *words]))


def is_a_forms(known: Provenance, detail: str) -> bool:
    return any(word.detail == detail for word in known)
