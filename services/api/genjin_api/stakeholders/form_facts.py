"""What a complete form says of the people inside the customer, as facts of theirs. Pure.

It writes what it did not say in its newest complete revision: whoever changed the rest since has the newer word. What
it said there, and says no more, is taken back; what another form says as well, or somebody said by hand, stays. A
person stays a stakeholder, who was removed comes back for a new word alone, and a score is for ever.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from genjin.stakeholders.events import StakeholderChanged, StakeholderFact
from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import open_places
from genjin.templates.binding import FormBinding
from genjin_api.forms.completed import Completed
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.behind import LINE, forms_at, role_place, value_place
from genjin_api.stakeholders.commands import ScoreRelationship
from genjin_api.stakeholders.decider import SCORES_MAX, changed, identified, scored
from genjin_api.stakeholders.form_lines import Drawn, draw
from genjin_api.stakeholders.form_rows import Row, rows_of, subject_of
from genjin_api.stakeholders.form_words import Said, Who, add
from genjin_api.stakeholders.state import Stakeholder, active


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be written, by contact; unsealed still. form is the form's copy, before its newest complete revision
    until now. rows are those about somebody, each with its place and its contact; names those of possible superiors.
    """

    project: Project
    binding: FormBinding
    form: str
    before: Completed | None
    said: Mapping[Who, Said]
    rows: Sequence[tuple[str, Row, UUID]]
    names: Mapping[str, UUID]
    today: date

    def facts(self, keys: Mapping[str, bytes]) -> list[StakeholderFact] | Refusal:
        """Sealed with the keys of the subjects, which the form's own values are sealed with."""
        news = {who: new for who, new in self.news(keys).items() if self._takes_up(who, new)}
        drawn = self._lines(news)
        if isinstance(drawn, Refusal):
            return drawn
        facts: list[StakeholderFact] = []
        for who, new in news.items():
            stakeholder = self._known(who)
            if (len(stakeholder.scores) if stakeholder else 0) + len(new.scores) > SCORES_MAX:
                return Refusal("limit_reached", f"a stakeholder has {SCORES_MAX} scores at most")
            facts += self._of_one(who, new, drawn, keys)
            facts += self._scores(who, [score for _, score in new.scores], keys)
        return facts + self._of_the_unsaid(keys)

    def news(self, keys: Mapping[str, bytes]) -> dict[Who, Said]:
        """What the newest complete revision did not say. Whom the project does not know yet, it told nothing of."""
        earlier = self._said_before(keys)
        return {
            who: said.since(earlier.get(str(who[1]), Said())) if self._known(who) else said
            for who, said in self.said.items()
        }

    def contacts(self) -> set[UUID]:
        """Those that the form says something of, and those that its newest complete revision may have told of: whoever
        that was about is one of the project.
        """
        subjects = self.before.subjects if self.before else {}
        known = self.project.stakeholders.values()
        before = {one.id for one in known if str(one.subject_id) in subjects}
        return before | {contact_id for contact_id, _ in self.said}

    def _known(self, who: Who) -> Stakeholder | None:
        return self.project.stakeholders.get(str(who[0]))

    def _takes_up(self, who: Who, new: Said) -> bool:
        known = self._known(who)
        return known is None or known.status == "active" or bool(new.places() or new.scores)

    def _said_before(self, keys: Mapping[str, bytes]) -> dict[str, Said]:
        """By subject. What the form could not say now says nothing."""
        before = self.before
        if before is None:
            return {}
        context = form_context(self.project.id, before.form, before.copy_number)
        opened = open_places(before.values, before.subjects, keys, context)
        said: dict[str, Said] = {}
        for place, row in rows_of(self.binding, opened.values):
            if subject := subject_of(place, before.subjects):
                add(said.setdefault(subject, Said()), self.binding, row, self.today, place)
        return said

    def _lines(self, news: Mapping[Who, Said]) -> Drawn | Refusal:
        here = {one.id for one in active(self.project.stakeholders)}
        said = {who[0] for who, new in news.items() if self.said[who].superior and not new.superior}
        return draw(
            self.project.stakeholders,
            self.binding,
            self.form,
            self.rows,
            self.names,
            taken_up={contact_id for contact_id, _ in news},
            kept=here & said,
        )

    def _of_one(
        self, who: Who, new: Said, drawn: Drawn, keys: Mapping[str, bytes]
    ) -> list[StakeholderFact]:
        known, said = self._known(who), self.said[who]
        above = drawn.get(who[0])
        if known is not None and known.status == "active":
            return self._changed(known, said, new, above, keys)
        roles = tuple(sorted(said.roles))
        fact = identified(self.project.id, who, roles, above, said.attitude, keys)
        return [fact.model_copy(update=self._behind(said.places()))]

    def _of_the_unsaid(self, keys: Mapping[str, bytes]) -> list[StakeholderFact]:
        """Of whom the form says nothing any more."""
        said = {contact_id for contact_id, _ in self.said}
        return [
            fact
            for one in active(self.project.stakeholders)
            if one.id not in said and any(form == self.form for _, form in one.from_forms)
            for fact in self._changed(one, Said(), Said(), None, keys)
        ]

    def _changed(
        self,
        known: Stakeholder,
        said: Said,
        new: Said,
        drawn: UUID | None,
        keys: Mapping[str, bytes],
    ) -> list[StakeholderFact]:
        own = {place for place, form in known.from_forms if form == self.form}
        unsaid = own - said.places()
        gone = {place for place in unsaid if forms_at(known.from_forms, place) == {self.form}}
        roles = {role for role in known.roles if role_place(role) not in gone} | new.roles
        above = None if LINE in gone else known.reports_to
        attitude = {name: None for name in known.values if value_place(name) in gone}
        now = (tuple(sorted(roles)), drawn or above, attitude | new.attitude)
        fact = changed(self.project.id, known, *now, keys)
        mine = {place for place in new.places() if _is_a_forms(known, fact, place)}
        places = mine | (own & said.places())
        if fact is None and places == own:
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
