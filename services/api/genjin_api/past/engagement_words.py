"""What people call the fields of engagements: links, goals, health, warnings. Data alone."""

from collections.abc import Mapping

LINK: Mapping[str, tuple[str, str]] = {
    "code": ("编号", "code"),
    "origin": ("来由", "origin"),
    "linked_at": ("关联时间", "linked at"),
    "linked_by": ("关联人", "linked by"),
    "unlinked_at": ("解除时间", "unlinked at"),
    "unlinking_reason": ("解除原因", "reason of the unlinking"),
}

RISK_LINK: Mapping[str, tuple[str, str]] = {
    "links": ("关联风险", "linked risk"),
    "relation": ("关系", "relation"),
    "other_project_id": ("对方项目", "other project"),
    "other_risk_id": ("对方风险", "other risk"),
    "note": ("说明", "note"),
    "awaits_assessment": ("待重新评估", "awaits a new assessment"),
    "reopenings": ("重启次数", "times reopened"),
    "reopening": ("重启原因", "cause of the reopening"),
}

GOAL: Mapping[str, tuple[str, str]] = {
    "title": ("标题", "title"),
    "measure": ("衡量方法", "measure"),
    "metric": ("指标", "metric"),
    "direction": ("方向", "direction"),
    "target": ("目标值", "target"),
    "due_on": ("到期日", "due on"),
    "set_at": ("设定时间", "set at"),
    "set_by": ("设定人", "set by"),
    "adjustments": ("调整次数", "times adjusted"),
    "adjusting_reason": ("调整原因", "reason of the adjustment"),
    "progress_count": ("进展记录次数", "times recorded"),
    "newest": ("最新进展", "newest progress"),
    "newest_value": ("最新有值的进展", "newest progress with a value"),
    "value": ("数值", "value"),
    "on": ("日期", "day"),
    "note": ("说明", "note"),
    "recorded_by": ("记录人", "recorded by"),
    "recorder_name": ("记录人姓名", "recorder's name"),
    "ended_at": ("结束时间", "ended at"),
    "ending_reason": ("结束原因", "reason of the end"),
}

HEALTH: Mapping[str, tuple[str, str]] = {
    "health": ("健康状况", "health"),
    "level": ("等级", "level"),
}

WARNING: Mapping[str, tuple[str, str]] = {
    "cause_project_id": ("来源业务", "engagement it comes from"),
    "cause_project_code": ("来源业务编号", "code of the engagement"),
    "cause_risk_id": ("来源风险", "risk it comes from"),
    "cause_risk_event": ("来源风险事件", "event of that risk"),
    "description": ("发生情况", "occurrence"),
    "measures": ("措施", "measures"),
    "risk_ids": ("所涉风险", "risks concerned"),
    "given_at": ("预警时间", "given at"),
    "people": ("被预警人", "warned"),
    "acknowledged_at": ("知悉时间", "acknowledged at"),
    "note": ("说明", "note"),
}
