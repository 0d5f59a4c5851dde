"""An account and a contact of it, made without HTTP."""

from genjin.identifiers import new_id
from genjin_api.accounts import decider as accounts
from genjin_api.accounts.projection import ACCOUNT
from genjin_api.acting import Caller
from genjin_api.action import Request
from genjin_api.contacts import decider as contacts
from genjin_api.contacts.projection import CONTACT
from genjin_api.entities import create_entity
from genjin_api.http.context import Services


async def know_a_contact(services: Services, caller: Caller) -> None:
    request, account_id, contact_id = Request.without_http(caller), new_id(), new_id()
    account = accounts.CreateAccount(name="滨海水务集团", region="天津")
    await create_entity(
        services,
        request,
        ACCOUNT,
        account_id,
        lambda: accounts.create(account),
        path="/v1/accounts",
    )
    contact = contacts.CreateContact(account_id=account_id, name="欧阳若水", post="科长")
    await create_entity(
        services,
        request,
        CONTACT,
        contact_id,
        lambda: contacts.create(contact, contact_id),
        path="/v1/contacts",
    )
