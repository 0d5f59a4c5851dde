"""What keeps a project under control, made over HTTP: requirements, change requests, risks, milestones."""

from typing import Any

from tests.pursuit import Pursuit

REQUIREMENT = {"title": "处理能力", "text": "日处理污水二十万吨", "requested_by": "设备科王工"}
CONFIRMATION = {"confirmed_by": "王工", "confirmed_on": "2026-03-02", "evidence": "会议纪要"}
CHANGE = {
    "title": "提高处理能力",
    "reason": "新区人口预测上调",
    "proposed_title": "处理能力",
    "proposed_text": "日处理污水三十万吨",
    "requested_by": "设备科王工",
}
IMPACT = {
    "scope": "增加一组生化池",
    "days": 45,
    "cost": "3200000.00",
    "quality": "出水标准不变",
    "risk": "用地需重新批准",
    "resource": "增加一个施工班组",
}
MILESTONE = {"title": "样机测试通过", "due_on": "2026-03-20", "stage": "proposal"}
RESIDUAL = {"reason": "已锁定价格", "residual_probability": 1, "residual_impact": 2}


async def new_requirement(pursuit: Pursuit, *, confirmed: bool = True) -> str:
    made = await pursuit.post("requirements", REQUIREMENT)
    identifier: str = made["requirement"]["id"]
    if confirmed:
        await pursuit.post(f"requirements/{identifier}/confirmations", CONFIRMATION)
    return identifier


async def new_change(pursuit: Pursuit, by: str = "marketer", **more: Any) -> str:
    """A change request that was raised, no more; its path within the project."""
    body = {**CHANGE, "requirement_id": await new_requirement(pursuit), **more}
    made = await pursuit.post("change-requests", body, by)
    return f"change-requests/{made['change_request']['id']}"


async def submitted_change(pursuit: Pursuit, by: str = "marketer", **more: Any) -> str:
    change = await new_change(pursuit, by, **more)
    await pursuit.post(f"{change}/assessments", IMPACT)
    await pursuit.post(f"{change}/submissions", {})
    return change


def risk_owned_by(person_id: str, **more: Any) -> dict[str, Any]:
    return {
        "category": "cost",
        "cause": "钢材涨价",
        "event": "报价有效期内成本超出预算",
        "effect": "毛利下降",
        "owner_id": person_id,
        **more,
    }


async def new_risk(pursuit: Pursuit, **more: Any) -> str:
    """Its path within the project."""
    body = risk_owned_by(pursuit.world.marketer.id, **more)
    return f"risks/{(await pursuit.post('risks', body))['risk']['id']}"


async def new_milestone(pursuit: Pursuit, **more: Any) -> str:
    """One of the project's own; its path within the project."""
    body = {**MILESTONE, **more}
    return f"milestones/{(await pursuit.post('milestones', body))['milestone']['id']}"
