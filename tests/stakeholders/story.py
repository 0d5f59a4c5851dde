"""A project whose customer has five people, as events tell it."""

from uuid import UUID

from genjin.contacts.events import ContactCreated
from genjin.event import Stamp
from genjin_api.contacts.state import Contact, evolve
from genjin_api.stakeholders import decider
from genjin_api.stakeholders.commands import IdentifyStakeholder
from tests.specification import MARKETER, START, Story, created, given, holds

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


def story_with_everybody() -> Story:
    story = given(created(), holds("marketer", MARKETER))
    for person in PEOPLE:
        identify(story, person)
    return story
