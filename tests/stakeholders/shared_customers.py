"""Two projects whose forms tell of the same two accounts, or contacts, each in its own way; without a database."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from genjin.accounts.events import AccountArchived, AccountCreated, AccountRestored
from genjin.contacts.events import ContactArchived, ContactCreated, ContactRestored
from genjin.event import Fact, Stamp
from genjin.log.append import NewEvent
from genjin.subjects.contexts import contact_context
from genjin.subjects.sealed_values import open_places, seal_places
from genjin_api.accounts import decider as accounts
from genjin_api.accounts.state import evolve as evolve_account
from genjin_api.acting import Decided
from genjin_api.action import Request
from genjin_api.contacts import decider as contacts
from genjin_api.contacts.state import evolve as evolve_contact
from genjin_api.contacts.state import places_of_person
from genjin_api.forms.decider import SaveForm, save
from genjin_api.projects.decider import NameAccount, name_account
from genjin_api.stakeholders.form_writing import FormsWord
from genjin_api.stakeholders.from_forms import Customer
from tests.specification import (
    MARKETER,
    MOMENT,
    START,
    TEMPLATE,
    created,
    given,
    holds,
    key_of,
    sealed,
)

THINGS = UUID(int=0xA0), UUID(int=0xA1)
KEYS = {str(one): key_of(str(one)) for one in THINGS}
PROJECTS = UUID(int=0xB0), UUID(int=0xB1)
PERSON = {"name": "张三丰", "department": "设备科", "post": "科长"}
FIRM = {
    "legal_name": "滨海水务",
    "industry": "水务",
    "ownership": "private",
    "address": "天津",
    "owner": "王芳",
}


class Shared:
    """archiving and restoring: their facts. states are those of THINGS, by id; about: which of them each project's form
    tells of at its next save, by number.
    """

    archiving: Fact
    restoring: Fact

    def __init__(self) -> None:
        team = created(), holds("marketer", MARKETER)
        self.stories = [given(*team, project_id=one) for one in PROJECTS]
        self.about: list[int | None] = [None, None]
        self.states: dict[UUID, Any] = {}

    def tell(self, thing: UUID, facts: Sequence[Fact]) -> None:
        for fact in facts:
            state = self.states.get(thing)
            version = state.version + 1 if state else 1
            stamp = Stamp(UUID(int=version), thing, version, START, MARKETER.actor(None))
            self.states[thing] = self.after(state, fact, stamp)

    def after(self, state: Any, fact: Any, stamp: Stamp) -> Any:
        raise NotImplementedError

    def hear(self, project: int, form: str, **said: Any) -> None:
        """What a complete revision of the form tells, in the project and elsewhere, as the door carries it through."""
        story = self.stories[project]
        command = SaveForm(complete=True, reason="复核", **said)
        customer = Customer({str(one): one for one in THINGS}, {})
        word = FormsWord(Request.without_http(MARKETER), form, command, customer)
        besides = word.besides(story.now, TEMPLATE, MOMENT)
        decision = sealed(save(story.now, TEMPLATE, form, command, MARKETER, "en", besides))
        assert isinstance(decision, Decided), decision
        story.tell(MARKETER, decision.facts)
        event = NewEvent(UUID(int=1), decision.facts[0], START, ())
        for one in word.consequences(story.now, [event]):
            told = one.decide(self.states[one.identifier], MOMENT)
            assert isinstance(told, Decided), told
            self.tell(one.identifier, told.facts)


class Accounts(Shared):
    detail = "size"
    archiving, restoring = AccountArchived(reason="已注销"), AccountRestored(reason="恢复合作")

    def __init__(self) -> None:
        super().__init__()
        for one in THINGS:
            self.tell(one, [AccountCreated(name=FIRM["legal_name"], parent_id=None, details={})])

    def after(self, state: Any, fact: Any, stamp: Stamp) -> Any:
        return evolve_account(state, fact, stamp)

    def point(self, project: int, thing: int | None) -> None:
        self.about[project] = thing
        command = NameAccount(account_id=None if thing is None else THINGS[thing])
        self.stories[project].did(MARKETER, lambda now: name_account(now, command, MARKETER))

    def say(self, project: int, text: str | None) -> None:
        self.hear(project, "customer_profile", values=FIRM | _said(self.detail, text))

    def by_hand(self, thing: int, text: str | None) -> None:
        command = accounts.ChangeAccount.model_validate({self.detail: text})
        decision = accounts.change(self.states[THINGS[thing]], command)
        self.tell(THINGS[thing], decision.facts)

    def text(self, thing: UUID) -> str | None:
        text: str | None = self.states[thing].details.get(self.detail)
        return text


class Contacts(Shared):
    """Each is its own subject, and a form about nobody names none."""

    detail = "education"
    archiving, restoring = ContactArchived(reason="已调离"), ContactRestored(reason="调回")

    def __init__(self) -> None:
        super().__init__()
        for one in THINGS:
            places = places_of_person(one, PERSON)
            created_as = ContactCreated(
                account_id=THINGS[0],
                subject_id=one,
                values=seal_places(PERSON, places, KEYS, contact_context(one)),
                subjects=places,
                restricted=True,
            )
            self.tell(one, [created_as])

    def after(self, state: Any, fact: Any, stamp: Stamp) -> Any:
        return evolve_contact(state, fact, stamp)

    def point(self, project: int, thing: int | None) -> None:
        self.about[project] = thing

    def say(self, project: int, text: str | None) -> None:
        thing = self.about[project]
        subjects = {} if thing is None else {THINGS[thing]: [""]}
        values = PERSON | _said(self.detail, text)
        self.hear(project, "contact_profile", values=values, subjects=subjects)

    def by_hand(self, thing: int, text: str | None) -> None:
        command = contacts.ChangeContact.model_validate({self.detail: text})
        decision = sealed(contacts.change(self.states[THINGS[thing]], command))
        self.tell(THINGS[thing], decision.facts)

    def text(self, thing: UUID) -> str | None:
        contact, context = self.states[thing], contact_context(thing)
        opened = open_places(contact.values, contact.subjects, KEYS, context)
        assert not opened.withheld
        return opened.values.get(self.detail)


def _said(detail: str, text: str | None) -> dict[str, str]:
    return {} if text is None else {detail: text}
