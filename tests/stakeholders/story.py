"""A project whose customer has five people, as events tell it."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from uuid import UUID

from genjin.contacts.events import ContactCreated
from genjin.event import Stamp
from genjin.forms.events import FormCompleted, FormRevised
from genjin.subjects.contexts import form_context
from genjin.subjects.sealed_values import seal_places
from genjin.templates.bindings import binding_of
from genjin_api.contacts.state import Contact, evolve
from genjin_api.forms.completed import newest
from genjin_api.refusal import Refusal
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import IdentifyStakeholder
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.from_forms import Customer, told_by_form
from tests.specification import (
    MARKETER,
    PROJECT_ID,
    START,
    TEMPLATE,
    TODAY,
    Story,
    created,
    given,
    holds,
    key_of,
)

PEOPLE = tuple(UUID(int=0xC0 + number) for number in range(5))


def contact(contact_id: UUID) -> Contact:
    """Whose name is in a log of its own, and of whom a project learns the subject alone."""
    fact = ContactCreated(
        account_id=UUID(int=0xA0), subject_id=contact_id, values={}, subjects={}, restricted=True
    )
    stamp = Stamp(UUID(int=1), contact_id, 1, START, MARKETER.actor(None))
    return evolve(None, fact, stamp)


def identify(story: Story, contact_id: UUID, **said: object) -> None:
    command = IdentifyStakeholder.model_validate({"contact_id": contact_id, **said})
    person = contact(contact_id)
    story.did(MARKETER, lambda project: decider.identify(project, person, command, MARKETER))


def hear(story: Story, form: str, *rows: tuple[UUID, str]) -> None:
    """A copy of the form of roles, completed: who has which buying role."""
    people = [(who, {"buying_role": role, "concerns": role}) for who, role in rows]
    complete(story, "stakeholder_roles", "people", people, form)


def complete(
    story: Story,
    bound_as: str,
    rows: str,
    about: Sequence[tuple[UUID, Mapping[str, object]]],
    copy: str | None = None,
    names: Mapping[str, UUID] = MappingProxyType({}),
) -> None:
    """A copy of a form, completed, with rows about one person each: saved, and what it tells."""
    key, binding = copy or f"{bound_as}:1", binding_of(TEMPLATE, bound_as)
    assert binding is not None
    values = {rows: [{"person": str(who), **row} for who, row in about]}
    subjects: dict[str, tuple[str, ...]] = {}
    for index, (who, _) in enumerate(about):
        subjects[str(who)] = (*subjects.get(str(who), ()), f"/{rows}/{index}")
    project, customer = story.now, Customer({str(who): who for who in PEOPLE}, names)
    before = newest(project.forms, project.completed_before, key)
    told = told_by_form(project, binding, key, values, subjects, before, customer, TODAY)
    assert isinstance(told, Told)
    keys = {str(who): key_of(str(who)) for who in PEOPLE}
    facts = told.facts(keys)
    assert not isinstance(facts, Refusal), facts
    form, number = key.split(":")
    record = project.forms.get(key)
    saved = FormCompleted(
        form=form,
        copy_number=int(number),
        revision=record.revision + 1 if record else 1,
        values=seal_places(values, subjects, keys, form_context(PROJECT_ID, form, int(number))),
        restricted=True,
        subjects=subjects,
        own_subject=None,
        facts_version=None,
    )
    story.tell(MARKETER, [saved, *facts])


def draft_again(story: Story, key: str) -> None:
    """A copy that was complete, saved as an empty draft."""
    record = story.now.forms[key]
    fact = FormRevised(
        form=record.form,
        copy_number=record.copy_number,
        revision=record.revision + 1,
        values={},
        complete=False,
        reason="复核",
        restricted=True,
        facts_version=None,
        subjects={},
        own_subject=None,
    )
    story.tell(MARKETER, [fact])


def story_with_everybody() -> Story:
    story = given(created(), holds("marketer", MARKETER))
    for person in PEOPLE:
        identify(story, person)
    return story
