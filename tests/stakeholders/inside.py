"""A customer with its people, made over HTTP."""

from typing import Any

from tests.pursuit import Pursuit, done
from tests.world import Person

ACCOUNT = {"name": "滨海水务集团", "region": "天津", "industry": "水务"}
# Texts that stand nowhere else in the world.
NAME, PHONE, NOTE = "欧阳若水", "13912345678", "愿意透露评标小组的名单"
CONTACT = {"name": NAME, "department": "设备科", "post": "科长", "phone": PHONE}
ATTITUDE = {"roles": ["handler", "coach"], "stance": 1, "influence": 4, "note": NOTE}


async def new_account(person: Person, **more: Any) -> str:
    made = done(await person.post("/v1/accounts", {**ACCOUNT, **more}))
    identifier: str = made.json()["account"]["id"]
    return identifier


async def new_contact(person: Person, account_id: str | None = None, **more: Any) -> dict[str, Any]:
    account_id = account_id or await new_account(person)
    body = {**CONTACT, "account_id": account_id, **more}
    contact: dict[str, Any] = done(await person.post("/v1/contacts", body)).json()["contact"]
    return contact


async def new_stakeholder(pursuit: Pursuit, **more: Any) -> dict[str, Any]:
    """Of a contact of its own, unless contact_id says of which."""
    if "contact_id" not in more:
        more["contact_id"] = (await new_contact(pursuit.world.marketer))["id"]
    made: dict[str, Any] = (await pursuit.post("stakeholders", {**ATTITUDE, **more}))["stakeholder"]
    return made


def score(assessed_on: str, **dimensions: int) -> dict[str, Any]:
    given = [{"dimension": name, "score": value} for name, value in dimensions.items()]
    return {"assessed_on": assessed_on, "scores": given, "evidence": "主动来电"}
