"""Refusals of what concerns a project as a whole, the people in it, and keys."""

from uuid import uuid4

from tests.pursuit import Pursuit, done
from tests.refusals.asking import Ask, Provocation, asked


async def _header_of_a_wrong_format(pursuit: Pursuit) -> Ask:
    body = {"header": {"expected_amount": "一百万"}}
    return Ask(pursuit.world.marketer, "PATCH", pursuit.path, body)


async def _code_of_another_project(pursuit: Pursuit) -> Ask:
    card = await pursuit.card()
    body = {"code": card["code"], "header": {"name": "同一代号"}}
    return Ask(pursuit.world.sales_manager, "POST", "/v1/projects", body)


async def _unknown_project(pursuit: Pursuit) -> Ask:
    path = f"/v1/projects/{uuid4()}/suspensions"
    return Ask(pursuit.world.marketer, "POST", path, {"reason": "客户推迟"})


async def _stranger_to_the_project(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "suspensions", {"reason": "客户推迟"}, by="outsider")


async def _role_for_nobody_known(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "role-holders", {"role": "dept_head", "person_id": str(uuid4())})


async def _role_held_already(pursuit: Pursuit) -> Ask:
    holder = pursuit.world.dept_head.id
    return asked(pursuit, "role-holders", {"role": "dept_head", "person_id": holder})


async def _event_of_tomorrow(pursuit: Pursuit) -> Ask:
    body = {"reason": "客户推迟", "occurred_at": "2999-01-01T08:00:00+08:00"}
    return asked(pursuit, "suspensions", body)


async def _work_on_a_suspended_project(pursuit: Pursuit) -> Ask:
    await pursuit.post("suspensions", {"reason": "客户推迟", "until": "2027-03-01"})
    return asked(pursuit, "actuals", {"text": "仍在跟进"})


async def _resuming_what_runs(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "resumptions", {})


async def _work_on_a_closed_project(pursuit: Pursuit) -> Ask:
    await pursuit.post("closings", {"outcome": "lost", "reason_code": "price"})
    return asked(pursuit, "actuals", {"text": "仍在跟进"})


async def _reopening_what_is_open(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "reopenings", {"to_stage": "initiation", "reason": "客户重新联系"})


async def _loss_without_a_reason_code(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "closings", {"outcome": "lost"})


async def _winning_in_the_first_stage(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "closings", {"outcome": "won"})


async def _revoking_a_key_twice(pursuit: Pursuit) -> Ask:
    owner = pursuit.world.owner
    body = {"person_id": pursuit.world.outsider.id, "name": "CRM 同步"}
    made = done(await owner.post("/v1/api-keys", body)).json()
    path, reason = f"/v1/api-keys/{made['api_key']['id']}", "离职交接"
    done(await owner.delete(path, reason=reason))
    return Ask(owner, "DELETE", path, query={"reason": reason})


async def _recovering_what_goes_on(pursuit: Pursuit) -> Ask:
    owner = pursuit.world.owner
    body = {"url": "https://example.com/in", "event_types": ["*"]}
    made = done(await owner.post("/v1/webhook-subscriptions", body))
    return Ask(owner, "POST", f"{made.headers['location']}/recoveries", {"position": 0})


PROVOCATIONS = {
    "field_invalid": Provocation(422, _header_of_a_wrong_format, "/header/expected_amount"),
    "project_code_taken": Provocation(409, _code_of_another_project, "/code"),
    "not_found": Provocation(404, _unknown_project),
    "role_not_allowed": Provocation(403, _stranger_to_the_project),
    "unknown_person": Provocation(422, _role_for_nobody_known, "/person_id"),
    "role_already_held": Provocation(409, _role_held_already),
    "occurred_at_refused": Provocation(422, _event_of_tomorrow, "/occurred_at"),
    "project_suspended": Provocation(409, _work_on_a_suspended_project),
    "project_not_suspended": Provocation(409, _resuming_what_runs),
    "project_closed": Provocation(409, _work_on_a_closed_project),
    "project_not_closed": Provocation(409, _reopening_what_is_open),
    "reason_required": Provocation(422, _loss_without_a_reason_code, "/reason_code"),
    "not_at_final_gate": Provocation(409, _winning_in_the_first_stage),
    "subscription_not_halted": Provocation(409, _recovering_what_goes_on),
    "key_already_revoked": Provocation(409, _revoking_a_key_twice),
}
