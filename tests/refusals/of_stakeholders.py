"""Refusals about the customer: its account, its people, who reports to whom."""

from tests.pursuit import Pursuit, done
from tests.refusals.asking import Ask, Provocation
from tests.stakeholders.inside import new_account, new_contact, new_stakeholder


async def _naming_an_archived_account(pursuit: Pursuit) -> Ask:
    marketer = pursuit.world.marketer
    account = await new_account(marketer)
    done(await marketer.post(f"/v1/accounts/{account}/archivings", {"reason": "已注销"}))
    return Ask(marketer, "PUT", f"{pursuit.path}/account", {"account_id": account})


async def _changing_an_archived_contact(pursuit: Pursuit) -> Ask:
    marketer = pursuit.world.marketer
    path = f"/v1/contacts/{(await new_contact(marketer))['id']}"
    done(await marketer.post(f"{path}/archivings", {"reason": "已调离"}))
    return Ask(marketer, "PATCH", path, {"post": "处长"})


async def _reporting_in_a_circle(pursuit: Pursuit) -> Ask:
    first = (await new_stakeholder(pursuit))["id"]
    second = (await new_stakeholder(pursuit, reports_to=first))["id"]
    # The newest event is one that may be looked at without a record of it.
    done(await pursuit.world.marketer.patch(pursuit.path, {"header": {"region": "河北"}}))
    path = f"{pursuit.path}/stakeholders/{first}"
    return Ask(pursuit.world.marketer, "PATCH", path, {"reports_to": second})


PROVOCATIONS = {
    "account_archived": Provocation(409, _naming_an_archived_account),
    "contact_archived": Provocation(409, _changing_an_archived_contact),
    "reporting_cycle": Provocation(409, _reporting_in_a_circle, "/reports_to"),
}
