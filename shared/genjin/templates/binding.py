"""Which of a form's fields are about the people inside the customer: data, so that no form has code of its own.

A form reads what is known (its prefill) and, once complete, writes it: a row is about the contact whose subject the
client names for it (`subjects`). What is kept nowhere but in the form is not named here.
"""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from genjin.templates.words import Frozen, Key

StakeholderRole = Literal[
    "handler",
    "coach",
    "decision_maker",
    "project_owner",
    "evaluator",
    "influencer",
    "user",
    "technical",
    "purchaser",
]
Attitude = Literal[
    "stance",
    "influence",
    "relation_level",
    "concerns",
    "evidence",
    "assessed_on",
    "decision_power",
    "agenda",
    "personal_win",
    "rival_ties",
    "access_path",
    "note",
]
ContactDetail = Literal[
    "name", "department", "post", "phone", "email", "birthday", "education", "preferences"
]
AccountDetail = Literal[
    "name", "region", "industry", "ownership", "size", "address", "registration_number"
]


class RoleBinding(Frozen):
    """A field whose values stand for roles; a value that is not among them stands for none."""

    field: Key
    values: dict[Key, StakeholderRole] = Field(min_length=1, max_length=50)


class ScoreBinding(Frozen):
    """The fields of a score: `scores` is a list of {dimension, score}."""

    scores: Key
    evidence: Key
    relation_stage: Key | None = None
    gap: Key | None = None


class LineBinding(Frozen):
    """`above` names who is reported to. With a `field`, a row is a reporting line where that has `value` alone."""

    above: Key
    field: Key | None = None
    value: Key | None = None


class FormBinding(Frozen):
    """`rows`: the list whose rows are about one person each; None: the whole form is about one. `person` is the field
    with the name. `role` is the one that everybody in the form has.
    """

    rows: Key | None = None
    person: Key | None = None
    role: StakeholderRole | None = None
    roles: RoleBinding | None = None
    attitude: dict[Key, Attitude] = Field(default={}, max_length=50)
    contact: dict[Key, ContactDetail] = Field(default={}, max_length=50)
    account: dict[Key, AccountDetail] = Field(default={}, max_length=50)
    score: ScoreBinding | None = None
    line: LineBinding | None = None

    @property
    def writes(self) -> bool:
        """Whether a complete form changes stakeholders and contacts; else it is filled from them alone."""
        told = (self.role, self.roles, self.attitude, self.contact, self.score, self.line)
        return any(told)

    def fields(self) -> set[str]:
        """Every field that is named, of the rows where there are some."""
        named = {self.person, *self.attitude, *self.contact, *self.account}
        if self.roles:
            named.add(self.roles.field)
        if self.score:
            score = self.score
            named |= {score.scores, score.evidence, score.relation_stage, score.gap}
        if self.line:
            named |= {self.line.above, self.line.field}
        return {name for name in named if name is not None}


Bindings = Mapping[str, FormBinding]
