"""Refusals of what keeps a project under control: requirements, change requests, risks."""

from tests.control import (
    CHANGE,
    CONFIRMATION,
    IMPACT,
    RESIDUAL,
    new_change,
    new_requirement,
    new_risk,
    submitted_change,
)
from tests.pursuit import Pursuit
from tests.refusals.asking import Ask, Provocation, asked
from tests.small_registers import small_project
from tests.templates.test_model import text


async def _confirming_twice(pursuit: Pursuit) -> Ask:
    requirement = await new_requirement(pursuit)
    return asked(pursuit, f"requirements/{requirement}/confirmations", CONFIRMATION)


async def _changing_what_nobody_confirmed(pursuit: Pursuit) -> Ask:
    requirement = await new_requirement(pursuit, confirmed=False)
    return asked(pursuit, "change-requests", {**CHANGE, "requirement_id": requirement})


async def _header_under_change_control(pursuit: Pursuit) -> Ask:
    field = {"key": "name", "title": text("name"), "max_length": 20}
    header = [field | {"under_change_control_from": "initiation"}]
    small = await small_project(pursuit.world, header=header, change_deciders=["dept_head"])
    return Ask(pursuit.world.marketer, "PATCH", small.path, {"header": {"name": "另一项目"}})


async def _assessing_a_rejected_change(pursuit: Pursuit) -> Ask:
    change = await submitted_change(pursuit)
    rejection = {"decision": "reject", "comment": "超出合同范围"}
    await pursuit.post(f"{change}/decisions", rejection, by="general_manager")
    return asked(pursuit, f"{change}/assessments", IMPACT)


async def _deciding_what_was_not_submitted(pursuit: Pursuit) -> Ask:
    change = await new_change(pursuit)
    return asked(pursuit, f"{change}/decisions", {"decision": "approve"}, by="dept_head")


async def _applying_what_was_not_approved(pursuit: Pursuit) -> Ask:
    return asked(pursuit, f"{await submitted_change(pursuit)}/applications", {})


async def _submitting_twice(pursuit: Pursuit) -> Ask:
    return asked(pursuit, f"{await submitted_change(pursuit)}/submissions", {})


async def _submitting_without_an_impact(pursuit: Pursuit) -> Ask:
    return asked(pursuit, f"{await new_change(pursuit)}/submissions", {})


async def _deciding_on_a_request_of_ones_own(pursuit: Pursuit) -> Ask:
    change = await submitted_change(pursuit, by="dept_head")
    return asked(pursuit, f"{change}/decisions", {"decision": "approve"}, by="dept_head")


async def _applying_on_words_changed_meanwhile(pursuit: Pursuit) -> Ask:
    first = await submitted_change(pursuit)
    requirement = (await pursuit.items("change-requests"))[0]["requirement_id"]
    body = {**CHANGE, "requirement_id": requirement}
    made = await pursuit.post("change-requests", body)
    second = f"change-requests/{made['change_request']['id']}"
    await pursuit.post(f"{second}/assessments", IMPACT)
    await pursuit.post(f"{second}/submissions", {})
    for change in (first, second):
        await pursuit.post(f"{change}/decisions", {"decision": "approve"}, "general_manager")
    await pursuit.post(f"{first}/applications", {})
    return asked(pursuit, f"{second}/applications", {})


async def _impact_beyond_the_scale(pursuit: Pursuit) -> Ask:
    risk = await new_risk(pursuit)
    return asked(pursuit, f"{risk}/assessments", {"probability": 3, "impact": 6})


async def _response_before_the_assessment(pursuit: Pursuit) -> Ask:
    body = {
        "strategy": "mitigate",
        "actions": "与钢厂签框架协议",
        "owner_id": pursuit.world.dept_head.id,
        "trigger": "钢价周涨幅超过百分之五",
    }
    return asked(pursuit, f"{await new_risk(pursuit)}/responses", body)


async def _correcting_a_move(pursuit: Pursuit) -> Ask:
    [entered] = await pursuit.items("events", type="stage.entered")
    body = {"event_id": entered["id"], "reason": "进错阶段", "note": "应在接触阶段"}
    return asked(pursuit, "corrections", body)


async def _reviewing_a_closed_risk(pursuit: Pursuit) -> Ask:
    risk = await new_risk(pursuit)
    await pursuit.post(f"{risk}/closures", RESIDUAL)
    return asked(pursuit, f"{risk}/reviews", {"note": "复查"})


PROVOCATIONS = {
    "correction_refused": Provocation(409, _correcting_a_move, "/event_id"),
    "requirement_confirmed": Provocation(409, _confirming_twice),
    "requirement_not_confirmed": Provocation(409, _changing_what_nobody_confirmed),
    "change_not_open": Provocation(409, _assessing_a_rejected_change),
    "change_not_submitted": Provocation(409, _deciding_what_was_not_submitted),
    "change_required": Provocation(409, _header_under_change_control),
    "change_not_approved": Provocation(409, _applying_what_was_not_approved),
    "change_base_moved": Provocation(409, _applying_on_words_changed_meanwhile),
    "change_already_submitted": Provocation(409, _submitting_twice),
    "impact_missing": Provocation(409, _submitting_without_an_impact),
    "self_approval": Provocation(403, _deciding_on_a_request_of_ones_own),
    "scale_invalid": Provocation(422, _impact_beyond_the_scale, "/impact"),
    "risk_not_assessed": Provocation(409, _response_before_the_assessment),
    "risk_closed": Provocation(409, _reviewing_a_closed_risk),
}
