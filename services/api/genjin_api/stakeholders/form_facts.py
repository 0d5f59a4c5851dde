"""What a complete form says of the people inside the customer, as facts of theirs. Pure.

What an earlier revision of the same form said, and this one does not, is taken back; what another form says as well, or
somebody said by hand, stays. A person stays a stakeholder, and a score is for ever.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from genjin.stakeholders.events import StakeholderChanged, StakeholderFact
from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import open_places
from genjin.templates.binding import FormBinding
from genjin_api.forms.state import FormRecord
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.behind import LINE, forms_at, role_place, value_place
from genjin_api.stakeholders.commands import ScoreRelationship
from genjin_api.stakeholders.decider import SCORES_MAX, changed, identified, scored
from genjin_api.stakeholders.form_rows import Row, rows_of
from genjin_api.stakeholders.state import Stakeholder, active

Who = tuple[UUID, UUID]
"""A contact, and its subject."""


@dataclass(slots=True)
class Said:
    """What a form says of one contact, all its rows together. details are the contact's own."""

    roles: set[str] = field(default_factory=set)
    reports_to: UUID | None = None
    attitude: dict[str, Any] = field(default_factory=dict)
    scores: list[tuple[Row, ScoreRelationship]] = field(default_factory=list)
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written, by contact; unsealed still. form is the form's copy, before its revision until now."""

    project: Project
    binding: FormBinding
    form: str
    before: FormRecord | None
    said: Mapping[Who, Said] = field(default_factory=dict)

    def facts(self, keys: Mapping[str, bytes]) -> list[StakeholderFact] | Refusal:
        """Sealed with the keys of the subjects, which the form's own values are sealed with."""
        known = [row for _, row in self.rows_before(keys)]
        facts: list[StakeholderFact] = []
        for who, said in self.said.items():
            told = self._told_before(who, len(said.scores))
            scores = [
                score for row, score in said.scores if row not in known and not told(score, keys)
            ]
            stakeholder = self.project.stakeholders.get(str(who[0]))
            if (len(stakeholder.scores) if stakeholder else 0) + len(scores) > SCORES_MAX:
                return Refusal("limit_reached", f"a stakeholder has {SCORES_MAX} scores at most")
            facts += self._of_one(who, said, keys) + self._scores(who, scores, keys)
        return facts + self._of_the_unsaid(keys)

    def rows_before(self, keys: Mapping[str, bytes]) -> list[tuple[str, Row]]:
        """Those of the revision until now, if that was complete, each with its place."""
        before = self.before
        if before is None or before.state != "complete":
            return []
        context = form_context(self.project.id, before.form, before.copy_number)
        opened = open_places(before.values, before.subjects, keys, context)
        return rows_of(self.binding, opened.values)

    def _told_before(
        self, who: Who, count: int
    ) -> Callable[[ScoreRelationship, Mapping[str, bytes]], bool]:
        """Whether a score is one of so many newest ones that the form told of the contact, where it was a draft until
        now: what it said when it was complete before, if it was, is not kept. Its first draft was not.
        """
        before, (contact_id, subject_id) = self.before, who
        stakeholder = self.project.stakeholders.get(str(contact_id))
        was_revised = before is not None and before.state == "draft" and before.revision > 1
        scores = stakeholder.scores.values() if stakeholder and was_revised else ()
        kept = [one for one in scores if one.form == self.form]
        newest = kept[max(0, len(kept) - count) :]

        def told(score: ScoreRelationship, keys: Mapping[str, bytes]) -> bool:
            return any(
                scored(self.project.id, contact_id, subject_id, one.number, score, keys).values
                == one.values
                for one in newest
            )

        return told

    def _of_one(self, who: Who, said: Said, keys: Mapping[str, bytes]) -> list[StakeholderFact]:
        known = self.project.stakeholders.get(str(who[0]))
        if known is not None and known.status == "active":
            return self._changed(known, said, keys)
        roles = tuple(sorted(said.roles))
        fact = identified(self.project.id, who, roles, said.reports_to, said.attitude, keys)
        return [fact.model_copy(update=self._behind(_places(said)))]

    def _of_the_unsaid(self, keys: Mapping[str, bytes]) -> list[StakeholderFact]:
        """Of whom the form says nothing any more."""
        said = {contact_id for contact_id, _ in self.said}
        return [
            fact
            for one in active(self.project.stakeholders)
            if one.id not in said and any(form == self.form for _, form in one.from_forms)
            for fact in self._changed(one, Said(), keys)
        ]

    def _changed(
        self, known: Stakeholder, said: Said, keys: Mapping[str, bytes]
    ) -> list[StakeholderFact]:
        unsaid = {place for place, _ in known.from_forms} - _places(said)
        gone = {place for place in unsaid if forms_at(known.from_forms, place) == {self.form}}
        roles = {role for role in known.roles if role_place(role) not in gone} | said.roles
        above = None if LINE in gone else known.reports_to
        attitude = {name: None for name in known.values if value_place(name) in gone}
        new = (tuple(sorted(roles)), said.reports_to or above, attitude | said.attitude)
        fact = changed(self.project.id, known, *new, keys)
        places = {place for place in _places(said) if _is_a_forms(known, fact, place)}
        if fact is None and places == {at for at, form in known.from_forms if form == self.form}:
            return []
        unchanged = StakeholderChanged(
            contact_id=known.id,
            roles=known.roles,
            reports_to=known.reports_to,
            values={},
            subjects={},
            restricted=True,
        )
        return [(fact or unchanged).model_copy(update=self._behind(places))]

    def _behind(self, places: Collection[str]) -> dict[str, Any]:
        return {"form": self.form, "form_places": tuple(sorted(places))}

    def _scores(
        self, who: Who, scores: Sequence[ScoreRelationship], keys: Mapping[str, bytes]
    ) -> list[StakeholderFact]:
        known = self.project.stakeholders.get(str(who[0]))
        first = len(known.scores) + 1 if known else 1
        return [
            scored(self.project.id, *who, number, score, keys).model_copy(
                update={"form": self.form}
            )
            for number, score in enumerate(scores, start=first)
        ]


def _places(said: Said) -> set[str]:
    roles = {role_place(role) for role in said.roles}
    line = {LINE} if said.reports_to else set()
    return roles | line | {value_place(name) for name in said.attitude}


def _is_a_forms(known: Stakeholder, fact: StakeholderChanged | None, place: str) -> bool:
    """Whether what stands there after the fact is the form's to take back: it is new, or forms said it before."""
    if forms_at(known.from_forms, place):
        return True
    if place == LINE:
        return fact is not None and fact.reports_to != known.reports_to
    kind, name = place.split("/")[1:]
    if kind == "roles":
        return name not in known.roles
    return fact is not None and name in fact.values
