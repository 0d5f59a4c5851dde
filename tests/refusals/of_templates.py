"""Refusals of what only some templates have, and of templates themselves."""

from uuid import uuid4

from genjin_api.templates.decider import VERSIONS_MAX
from tests.pursuit import Pursuit, done
from tests.refusals.asking import Ask, Provocation
from tests.templates.rich import BODY, publish, rich_project

REASON = "客户已确认，书面材料下周补齐，先行推进不误工期"


async def _rich(pursuit: Pursuit, **header: str) -> Pursuit:
    path = await rich_project(pursuit.world, f"RX-{uuid4().hex[:12]}", **header)
    return Pursuit(pursuit.world, path)


def _ask(pursuit: Pursuit, name: str, body: dict[str, object], by: str = "marketer") -> Ask:
    return Ask(getattr(pursuit.world, by), "POST", f"{pursuit.path}/{name}", body)


async def _second_holder_of_a_single_role(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    return _ask(rich, "role-holders", {"role": "boss", "person_id": rich.world.dept_head.id})


async def _auditing_what_one_sold(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    return _ask(rich, "role-holders", {"role": "auditor", "person_id": rich.world.marketer.id})


async def _judging_before_ones_turn(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    return _ask(rich, "judgements", {"role": "boss", "verdict": "advance"}, "general_manager")


async def _taking_the_wrong_branch(pursuit: Pursuit) -> Ask:
    return _ask(await _rich(pursuit, amount="10.00"), "stage-advances", {"to_stage": "big"})


def _override(*waived: tuple[str, str]) -> dict[str, object]:
    waive = [{"code": code, "subject": subject} for code, subject in waived]
    return {"override": {"waive": waive, "reason": REASON}}


async def _overriding_as_a_seller(pursuit: Pursuit) -> Ask:
    return _ask(await _rich(pursuit), "stage-advances", _override(("actual_missing", "first")))


async def _waiving_what_is_firm(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    all_of_them = [(one["code"], one["subject"]) for one in (await rich.gate())["blockers"]]
    return _ask(rich, "stage-advances", _override(*all_of_them), "general_manager")


async def _ending_before_the_year_is_over(pursuit: Pursuit) -> Ask:
    return _ask(await _rich(pursuit), "closings", {"outcome": "expired"})


async def _approving_beyond_ones_limit(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    captured = {"title": "容量", "text": "二十万吨", "requested_by": "王工"}
    requirement = (await rich.post("requirements", captured))["requirement"]
    confirmed = {"confirmed_by": "王工", "confirmed_on": "2026-03-10", "evidence": "会议纪要"}
    await rich.post(f"requirements/{requirement['id']}/confirmations", confirmed)
    change = {
        "requirement_id": requirement["id"],
        "title": "提高容量",
        "reason": "人口上调",
        "proposed_title": "容量",
        "proposed_text": "三十万吨",
        "stages": ["first"],
        "requested_by": "王工",
    }
    made = (await rich.post("change-requests", change))["change_request"]
    path = f"change-requests/{made['id']}"
    impact = {
        "scope": "加一组",
        "days": 5,
        "cost": "50000.01",
        "currency": "CNY",
        "quality": "不变",
        "risk": "用地",
        "resource": "一个班组",
    }
    await rich.post(f"{path}/assessments", impact)
    await rich.post(f"{path}/submissions", {})
    return _ask(rich, f"{path}/decisions", {"decision": "approve"}, "dept_head")


async def _new_key(pursuit: Pursuit) -> str:
    key = f"t{uuid4().hex[:12]}"
    await publish(pursuit.world, key)
    return key


async def _publishing_half_a_template(pursuit: Pursuit) -> Ask:
    key = await _new_key(pursuit)
    body = BODY | {"override_by": ["nobody"]}
    done(await pursuit.world.owner.put(f"/v1/templates/{key}/draft", {"body": body}))
    return Ask(pursuit.world.owner, "POST", f"/v1/templates/{key}/versions")


async def _a_mapping_without_the_active_stage(pursuit: Pursuit) -> Ask:
    rich = await _rich(pursuit)
    key = await _new_key(pursuit)
    stages = [
        {**stage, "key": "begin" if stage["key"] == "first" else stage["key"]}
        for stage in BODY["stages"]
    ]
    stages[-1] = {**stages[-1], "return_to": None}
    await publish(pursuit.world, key, BODY | {"stages": stages})
    body: dict[str, object] = {"template": key, "reason": "改用新流程"}
    return Ask(rich.world.owner, "POST", f"{rich.path}/template-migrations", body)


async def _signing_what_one_saved(pursuit: Pursuit) -> Ask:
    key = f"t{uuid4().hex[:12]}"
    note = {
        "title": {"zh": "说明", "en": "note"},
        "four_eyes": True,
        "signed_by": ["seller"],
        "schema": {"type": "object", "properties": {}},
    }
    await publish(pursuit.world, key, BODY | {"forms": {"note": note}})
    seller = pursuit.world.marketer
    made = {"code": key, "template": key, "header": {"name": "某项目"}}
    project = done(await seller.post("/v1/projects", made)).json()["project"]
    path = f"/v1/projects/{project['id']}"
    done(await seller.post(f"{path}/role-holders", {"role": "seller", "person_id": seller.id}))
    done(await seller.put(f"{path}/forms/note", {"values": {}, "complete": True}))
    return Ask(seller, "POST", f"{path}/forms/note/signatures", {"role": "seller", "revision": 1})


async def _drafting_a_shipped_template(pursuit: Pursuit) -> Ask:
    return Ask(pursuit.world.owner, "PUT", "/v1/templates/pursuit.8/draft", {"body": BODY})


async def _beginning_with_a_retired_version(pursuit: Pursuit) -> Ask:
    key = await _new_key(pursuit)
    retire = f"/v1/templates/{key}/versions/1/retirements"
    done(await pursuit.world.owner.post(retire, {"reason": "已取代"}))
    body: dict[str, object] = {
        "code": key,
        "template": key,
        "template_version": 1,
        "header": {"name": "某项目"},
    }
    return Ask(pursuit.world.marketer, "POST", "/v1/projects", body)


async def _one_version_too_many(pursuit: Pursuit) -> Ask:
    key = f"t{uuid4().hex[:12]}"
    for number in range(VERSIONS_MAX):
        title = {"zh": str(number), "en": str(number)}
        await publish(pursuit.world, key, BODY | {"title": title})
    done(await pursuit.world.owner.put(f"/v1/templates/{key}/draft", {"body": BODY}))
    return Ask(pursuit.world.owner, "POST", f"/v1/templates/{key}/versions")


PROVOCATIONS = {
    "decision_above_authority": Provocation(403, _approving_beyond_ones_limit),
    "role_taken": Provocation(409, _second_holder_of_a_single_role),
    "roles_exclusive": Provocation(409, _auditing_what_one_sold),
    "out_of_turn": Provocation(409, _judging_before_ones_turn),
    "exit_closed": Provocation(409, _taking_the_wrong_branch),
    "override_not_allowed": Provocation(403, _overriding_as_a_seller),
    "blocker_not_waivable": Provocation(409, _waiving_what_is_firm),
    "self_signature": Provocation(403, _signing_what_one_saved),
    "outcome_not_possible": Provocation(409, _ending_before_the_year_is_over),
    "template_invalid": Provocation(422, _publishing_half_a_template, "/override_by"),
    "mapping_incomplete": Provocation(422, _a_mapping_without_the_active_stage, "/stages/first"),
    "template_key_reserved": Provocation(409, _drafting_a_shipped_template),
    "template_retired": Provocation(409, _beginning_with_a_retired_version),
    "too_many_versions": Provocation(409, _one_version_too_many),
}
