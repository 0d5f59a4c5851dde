"""A project whose customer has five people, as events tell it."""

from uuid import UUID

from genjin.contacts.events import ContactCreated
from genjin.event import Stamp
from genjin.templates.bindings import binding_of
from genjin_api.contacts.state import Contact, evolve
from genjin_api.refusal import Refusal
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import IdentifyStakeholder
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.from_forms import Customer, told_by_form
from tests.specification import (
    MARKETER,
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
    binding = binding_of(TEMPLATE, "stakeholder_roles")
    assert binding is not None
    people = [{"person": str(who), "buying_role": role, "concerns": role} for who, role in rows]
    subjects: dict[str, tuple[str, ...]] = {}
    for index, (who, _) in enumerate(rows):
        subjects[str(who)] = (*subjects.get(str(who), ()), f"/people/{index}")
    customer = Customer({str(who): who for who in PEOPLE}, {})
    values = {"people": people}
    told = told_by_form(story.now, binding, form, values, subjects, None, customer, TODAY)
    assert isinstance(told, Told)
    facts = told.facts({str(who): key_of(str(who)) for who in PEOPLE})
    assert not isinstance(facts, Refusal)
    story.tell(MARKETER, facts)


def story_with_everybody() -> Story:
    story = given(created(), holds("marketer", MARKETER))
    for person in PEOPLE:
        identify(story, person)
    return story
