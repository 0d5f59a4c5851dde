"""Facts of a project's attached forms. copy counts the copies of a repeatable form from 1; other forms have copy 1.

stage and facts_version are set where a project's current stage carries the form, for its judgements rest on it; else
null. restricted forms hold personal data of customers' staff: payloads.py keeps their values inside.
"""

from typing import Any, ClassVar

from genjin.event import Fact


class FormDrafted(Fact):
    """A draft was saved: the values may still break the form's schema. Opens the form where there was none."""

    type: ClassVar[str] = "form.drafted"
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    restricted: bool


class FormCompleted(Fact):
    """Values that satisfy the schema."""

    type: ClassVar[str] = "form.completed"
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    restricted: bool
    facts_version: int | None


class FormSigned(Fact):
    """A signature on one revision, by the holder of one role."""

    type: ClassVar[str] = "form.signed"
    form: str
    copy_number: int
    revision: int
    role: str


class FormRevised(Fact):
    """A new revision after the form had been completed or signed; it carries no signature yet."""

    type: ClassVar[str] = "form.revised"
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    complete: bool
    reason: str
    restricted: bool
    facts_version: int | None


FormFact = FormDrafted | FormCompleted | FormSigned | FormRevised
