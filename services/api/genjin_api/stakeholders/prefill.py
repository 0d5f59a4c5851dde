"""What is known of the customer as the values of a new form: names, attitudes, the newest scores. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from genjin.templates.binding import FormBinding
from genjin_api.refusal import pointer

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """Documents as the reader is shown them: active stakeholders, the details of contacts by id, the account's."""

    stakeholders: Sequence[Document]
    contacts: Mapping[str, Document]
    account: Document


@dataclass(frozen=True, slots=True)
class Prefilled:
    """Values as a draft of the form takes them, and whose they are, as its `subjects`."""

    values: dict[str, Any]
    subjects: dict[str, list[str]]


def prefilled(binding: FormBinding, known: Known, chosen: str | None) -> Prefilled:
    """chosen: the contact that a form about one person is about."""
    if binding.rows is not None:
        return _listed(binding, binding.rows, known)
    values = {
        ours: known.account[theirs]
        for ours, theirs in binding.account.items()
        if theirs in known.account
    }
    about = next((one for one in known.stakeholders if one["id"] == chosen), None)
    if about is None:
        return Prefilled(values, {})
    own = _row(binding, about, known)
    return Prefilled(values | own, {about["subject_id"]: [""]} if own else {})


def _listed(binding: FormBinding, rows: str, known: Known) -> Prefilled:
    """A row each for those who have something to say in this form."""
    found: list[dict[str, Any]] = []
    subjects: dict[str, list[str]] = {}
    for one in known.stakeholders:
        row = _row(binding, one, known)
        says_nothing = binding.line and binding.line.above not in row
        if row and not says_nothing:
            subjects.setdefault(one["subject_id"], []).append(pointer(rows, len(found)))
            found.append(row)
    return Prefilled({rows: found} if found else {}, subjects)


def _row(binding: FormBinding, stakeholder: Document, known: Known) -> dict[str, Any]:
    details = known.contacts.get(stakeholder["id"], {})
    row = {theirs: details.get(ours) for theirs, ours in binding.contact.items()}
    if binding.person:
        row[binding.person] = details.get("name")
    attitude = stakeholder["values"]
    row |= {theirs: attitude.get(ours) for theirs, ours in binding.attitude.items()}
    if binding.roles:
        fitting = (
            value for value, role in binding.roles.values.items() if role in stakeholder["roles"]
        )
        row[binding.roles.field] = next(fitting, None)
    row |= _score(binding, stakeholder)
    row |= _line(binding, stakeholder, known)
    return {name: value for name, value in row.items() if value is not None}


def _score(binding: FormBinding, stakeholder: Document) -> dict[str, Any]:
    """Of the newest one, by the day that it is of."""
    if binding.score is None or not stakeholder["scores"]:
        return {}
    newest = max(
        stakeholder["scores"].values(), key=lambda one: (one["assessed_on"], one["number"])
    )
    fields = {
        binding.score.scores: "scores",
        binding.score.evidence: "evidence",
        binding.score.relation_stage: "relation_stage",
        binding.score.gap: "gap",
    }
    return {name: newest["values"].get(ours) for name, ours in fields.items() if name}


def _line(binding: FormBinding, stakeholder: Document, known: Known) -> dict[str, Any]:
    above = known.contacts.get(stakeholder["reports_to"] or "", {}).get("name")
    if binding.line is None or above is None:
        return {}
    kind = {binding.line.field: binding.line.value} if binding.line.field else {}
    return {binding.line.above: above, **kind}
