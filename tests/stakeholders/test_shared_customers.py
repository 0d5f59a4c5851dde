"""Accounts and contacts hold what hands and the forms of several projects said of them, each its own word."""

from dataclasses import dataclass, field
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from genjin.templates.binding import FormBinding
from genjin_api.forms.completed import Completed
from genjin_api.refusal import Refusal
from genjin_api.stakeholders.form_facts import Told
from genjin_api.stakeholders.from_forms import CONTACTS_MAX, Customer, told_by_form
from tests.specification import MARKETER, TODAY, created, holds
from tests.specification import given as given_facts
from tests.stakeholders.shared_customers import PROJECTS, THINGS, Accounts, Contacts
from tests.stakeholders.story import identify

HAND = "hand"
# What is done, to or by which of two, which of two the form is about then, and the text.
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["form", "form", "form", "point", "hand", "archive"]),
        st.sampled_from([0, 1]),
        st.sampled_from([0, 1, None]),
        st.sampled_from(["3000", "9000", None]),
    ),
    min_size=6,
    max_size=16,
)


@dataclass
class Detail:
    """What stands there, and who says so: the hand, or projects by their number."""

    text: str | None = None
    sayers: set[str | int] = field(default_factory=set)

    def say(self, text: str | None, sayer: str | int) -> None:
        if text != self.text or sayer == HAND:
            self.text, self.sayers = text, {sayer} if text else set()
        elif HAND not in self.sayers:
            self.sayers.add(sayer)

    def take_back(self, sayer: int) -> None:
        if sayer in self.sayers:
            self.sayers.remove(sayer)
            self.text = self.text if self.sayers else None


class Naive:
    """What should stand in a detail of each thing."""

    def __init__(self) -> None:
        self.details = [Detail(), Detail()]
        self.archived: set[int] = set()
        self.told: list[tuple[int | None, str | None]] = [(None, None), (None, None)]

    def hear(self, project: int, thing: int | None, text: str | None) -> None:
        """A form tells what it did not tell the same thing before, and takes back what it tells no more."""
        told, before = self.told[project]
        self.told[project] = thing, text
        if told is not None and told not in {thing, *self.archived}:
            self.details[told].take_back(project)
        if thing is None or thing in self.archived:
            return
        if text is None:
            self.details[thing].take_back(project)
        elif (told, before) != (thing, text):
            self.details[thing].say(text, project)


@pytest.mark.parametrize("kind", [Accounts, Contacts])
@given(steps=STEPS)
def test_a_detail_is_what_was_said_last_and_goes_with_the_last_form_that_says_it(
    kind: type[Accounts] | type[Contacts], steps: list[tuple[str, int, int | None, str | None]]
) -> None:
    shared, naive = kind(), Naive()
    for project in (0, 1):
        shared.point(project, 0)
    for name, number, about, text in steps:
        match name:
            case "point":
                shared.point(number, about)
            case "form":
                shared.say(number, text)
                naive.hear(number, shared.about[number], text)
            case "hand" if number not in naive.archived:
                shared.by_hand(number, text)
                naive.details[number].say(text, HAND)
            case "archive":
                restored = number in naive.archived
                shared.tell(THINGS[number], [shared.restoring if restored else shared.archiving])
                naive.archived ^= {number}
            case _:
                continue
        for thing, expected in zip(THINGS, naive.details, strict=True):
            words = [one for one in shared.states[thing].from_forms if one.detail == kind.detail]
            assert shared.text(thing) == expected.text
            assert {one.project_id for one in words} == {
                PROJECTS[one] for one in expected.sayers if isinstance(one, int)
            }


def test_a_form_changes_so_many_contacts_at_most_with_those_that_it_said_something_of_before() -> (
    None
):
    binding = FormBinding(rows="people", contact={"phone": "phone"}, role="user")
    known = [UUID(int=0xC00 + number) for number in range(CONTACTS_MAX + 1)]
    story = given_facts(created(), holds("marketer", MARKETER))
    for one in known:
        identify(story, one)

    def told(people: list[UUID], before: list[UUID]) -> object:
        values = {"people": [{"phone": "1"} for _ in people]}
        places = {str(one): (f"/people/{n}",) for n, one in enumerate(people)}
        earlier = Completed("f", 1, {}, {str(one): ("/people/0",) for one in before})
        customer = Customer({str(one): one for one in known}, {})
        return told_by_form(story.now, binding, "f:1", values, places, earlier, customer, TODAY)

    assert isinstance(told(known[:50], known[:CONTACTS_MAX]), Told)
    refused = told(known[-1:], known[:CONTACTS_MAX])
    assert isinstance(refused, Refusal)
    assert refused.code == "limit_reached"
