"""One example of every fact, in the words of a real project; write.py makes golden events of them.

An example is that of the class as it stands now. The golden files hold those of every shape there ever was.
"""

from typing import Any

PERSON = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10"
THING = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e11"
OTHER = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e12"
EVENT = "019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e13"
STAGE = {"stage": "contact", "visit": 1}
FORM = {"form": "visit_report", "copy_number": 2, "revision": 3}
VALUES = {"place": "天津", "people": [{"name": "王工"}], "cost": 12.5, "days": 2, "paid": True}
PUBLIC: dict[str, Any] = {"subjects": {}, "own_subject": None}
SEALED = {**VALUES, "people": [{"name": "VGhpcyBpcyBzZWFsZWQ="}]}
PERSONAL = {"subjects": {THING: ["/people/0/name"]}, "own_subject": OTHER}
TEMPLATE = {"key": "pursuit.8", "version": 1, "body_hash": "ab" * 32}
OWNER = {"owner_id": PERSON, "owner_name": "王芳"}
WEBHOOK = {
    "url": "https://example.com/hook",
    "event_types": ["stage.*", "form.signed"],
    "description": "ERP",
    "active": True,
}
CHECK = {"code": "form_unsigned", "subject": "visit_report", "passed": False}
RECEIPT = {
    **STAGE,
    "template": {"key": "pursuit.8", "version": 1},
    "on": "2026-03-16",
    "checks": [{**CHECK, "passed": True, "value": "signed", "events": [EVENT]}],
}
IMPACT = {
    "scope": "增加一条生产线",
    "days": -3,
    "cost": "12500.50",
    "currency": "CNY",
    "quality": "无影响",
    "risk": "工期紧",
    "resource": "需两名工程师",
}

EXAMPLES: dict[str, dict[str, Any]] = {
    "workspace.created": {"name": "滨海公司", "time_zone": "Asia/Shanghai"},
    "person.added": {"name": "王芳", "workspace_role": "member"},
    "api_key.created": {
        "person_id": PERSON,
        "name": "ERP",
        "prefix": "gj_live_abcd",
        "expires_at": "2027-01-31T16:00:00Z",
    },
    "api_key.revoked": {"reason": "离职"},
    "audit.read": {
        "phrase": "type:form.*",
        "order": "desc",
        "events": 50,
        "restricted_events": 3,
        "first_position": 17,
        "last_position": 260,
    },
    "audit.disclosed": {
        "project_id": OTHER,
        "version": 31,
        "forms": ["contact_profile", "visit_report"],
        "subjects": {THING: 9},
    },
    "log_key.rotation_requested": {"reason": "每年更换"},
    "project.created": {
        "code": "XM-001",
        "template": TEMPLATE,
        "header": {"name": "滨海新区污水处理厂", "region": "天津"},
    },
    "project.header_changed": {"header": {"region": "河北", "customer": None}},
    "project.role_assigned": {"role": "marketer", "person_id": PERSON, "person_name": "王芳"},
    "project.role_released": {"role": "marketer", "person_id": PERSON, "reason": "调岗"},
    "project.suspended": {"reason": "客户推迟", "until": "2026-06-01"},
    "project.resumed": {"note": "预算已批"},
    "project.closed": {
        "outcome": "lost",
        "reason_code": "price",
        "reason": "低于成本",
        "receipt": RECEIPT,
    },
    "project.template_migrated": {
        "from_template": TEMPLATE,
        "to_template": {**TEMPLATE, "version": 2, "body_hash": "cd" * 32},
        "stages": {"contact": "first_contact"},
        "roles": {"quoter": "estimator"},
        "reason": "改用新版流程",
        "facts_version": 7,
    },
    "project.reopened": {"to_stage": "initiation", "visit": 2, "reason": "重新招标"},
    "stage.entered": {**STAGE, "from_stage": "initiation"},
    "stage.actual_recorded": {**STAGE, "text": "已与设备科王工通话", "facts_version": 4},
    "stage.condition_marked": {
        **STAGE,
        "condition": "c2",
        "met": True,
        "evidence": "会议纪要第三条",
        "facts_version": 5,
    },
    "stage.judged": {
        **STAGE,
        "role": "dept_head",
        "verdict": "hold",
        "comment": "采购流程尚未摸清",
        "facts_version": 5,
    },
    "stage.judgement_withdrawn": {**STAGE, "role": "dept_head", "reason": "另有新情况"},
    "stage.review_requested": {**STAGE, "round": 2, "note": "方案已按意见修改，请重新判断"},
    "stage.condition_approved": {
        **STAGE,
        "condition": "c3",
        "role": "dept_head",
        "approved": False,
        "comment": "预算依据不足",
        "facts_version": 5,
        "revisions": {"1": 3},
    },
    "stage.skipped": {
        "stage": "showcase",
        "from_stage": "proposal",
        "to_stage": "confirmation",
        "reason": "客户已参观过同类项目",
    },
    "gate.overridden": {
        **STAGE,
        "blockers": [{"code": "form_unsigned", "subject": "visit_report", "value": ["dept_head"]}],
        "reason": "部门主管出差，已电话同意，回来后补签",
    },
    "follow_up.set": {
        "follow_up_id": THING,
        **STAGE,
        "role": "sales_manager",
        "action": "本周内拜访设计院",
        **OWNER,
        "due_on": "2026-12-04",
    },
    "follow_up.completed": {"follow_up_id": THING, "result": "参数表已取得", "days_late": 2},
    "stage.advanced": {**STAGE, "to_stage": "proposal", "receipt": RECEIPT},
    "stage.advance_refused": {**STAGE, "blockers": [{**CHECK, "value": ["dept_head"]}]},
    "stage.returned": {**STAGE, "to_stage": "initiation", "reason": "客户更换负责人"},
    "entry.corrected": {
        "event_id": EVENT,
        "event_type": "stage.condition_marked",
        "reason": "会议纪要日期抄错",
        "note": "会议在3月6日举行，不是3月16日",
        "receipts": [STAGE],
        "facts_version": 8,
    },
    "form.drafted": {**FORM, "values": VALUES, "restricted": False, **PUBLIC},
    "form.completed": {
        **FORM,
        "values": SEALED,
        "restricted": True,
        "facts_version": 6,
        **PERSONAL,
    },
    "form.signed": {**FORM, "role": "dept_head"},
    "form.revised": {
        **FORM,
        "values": SEALED,
        "complete": True,
        "reason": "更正",
        "restricted": True,
        "facts_version": None,
        **PERSONAL,
    },
    "form.erased": {"form": "visit_report", "copy_number": 2, "subject_id": THING},
    "subject.erased": {"reason": "本人要求删除"},
    "template.drafted": {"key": "delivery.3", "body": {"title": {"zh": "交付"}, "stages": []}},
    "template.published": {
        "key": "delivery.3",
        "version": 1,
        "body": {"key": "delivery.3", "version": 1, "title": {"zh": "交付", "en": "Delivery"}},
        "body_hash": "cd" * 32,
    },
    "template.retired": {"key": "delivery.3", "version": 1, "reason": "已由新版本取代"},
    "requirement.captured": {
        "requirement_id": THING,
        "title": "处理能力",
        "text": "日处理二十万吨",
        "requested_by": "王工",
    },
    "requirement.amended": {"requirement_id": THING, "title": "能力", "text": "日处理三十万吨"},
    "requirement.prioritised": {"requirement_id": THING, "priority": "key"},
    "requirement.confirmed": {
        "requirement_id": THING,
        "confirmed_by": "王工",
        "confirmed_on": "2026-03-10",
        "evidence": "会议纪要",
    },
    "requirement.superseded": {
        "requirement_id": THING,
        "change_id": OTHER,
        "revision": 2,
        "title": "处理能力",
        "text": "日处理四十万吨",
    },
    "change.raised": {
        "change_id": OTHER,
        "requirement_id": THING,
        "base_revision": 1,
        "title": "提高处理能力",
        "reason": "人口上调",
        "proposed_title": "处理能力",
        "proposed_text": "日处理四十万吨",
        "stages": ["proposal"],
        "requested_by": "王工",
    },
    "change.assessed": {"change_id": OTHER, "impact": IMPACT},
    "change.submitted": {"change_id": OTHER},
    "change.decided": {
        "change_id": OTHER,
        "decision": "approve_with_conditions",
        "comment": "同意",
        "conditions": ["先签补充协议"],
        "review_on": "2026-05-01",
    },
    "change.applied": {"change_id": OTHER},
    "change.withdrawn": {"change_id": OTHER, "reason": "客户撤回"},
    "risk.identified": {
        "risk_id": THING,
        "category": "cost",
        "cause": "钢材涨价",
        "event": "设备超支",
        "effect": "毛利下降",
        **OWNER,
    },
    "risk.assessed": {
        "risk_id": THING,
        "probability": 4,
        "impact": 3,
        "score": 12,
        "band": "high",
        "rationale": "上月涨价一成",
    },
    "risk.response_planned": {
        "risk_id": THING,
        "strategy": "mitigate",
        "actions": "锁价",
        **OWNER,
        "trigger": "再涨百分之五",
        "contingency": "备用金",
    },
    "risk.reviewed": {"risk_id": THING, "note": "价格平稳", "next_review_on": "2026-04-01"},
    "risk.occurred": {"risk_id": THING, "description": "涨价一成", "measures": "动用备用金"},
    "risk.closed": {
        "risk_id": THING,
        "reason": "已锁价",
        "residual_probability": 1,
        "residual_impact": 2,
        "residual_score": 2,
        "residual_band": "low",
    },
    "milestone.set": {
        "milestone_id": THING,
        "key": None,
        "title": "样机测试通过",
        "due_on": "2026-05-20",
        "stage": "proposal",
    },
    "milestone.rescheduled": {
        "milestone_id": THING,
        "due_on": "2026-06-10",
        "reason": "业主现场停电",
    },
    "milestone.reached": {
        "milestone_id": THING,
        "reached_on": "2026-06-12",
        "evidence": "测试报告第7号",
        "days_late": 2,
    },
    "milestone.dropped": {"milestone_id": THING, "reason": "改为整机采购"},
    "metric.recorded": {
        "metric": "satisfaction",
        "value": 86.5,
        "on": "2026-06-30",
        "note": "按客户回访统计",
    },
    "metric.target_set": {"metric": "satisfaction", "target": 90.0, "reason": "合同要求更高"},
    "finding.raised": {
        "finding_id": THING,
        "severity": "major",
        "title": "隐蔽工程验收记录缺失",
        "description": "三号生化池底板钢筋隐蔽验收无监理签字",
        **STAGE,
        "due_on": "2026-06-15",
        "responsible_id": PERSON,
        "responsible_name": "王芳",
    },
    "finding.corrected": {"finding_id": THING, "measures": "已补测并由监理签字"},
    "finding.rejected": {"finding_id": THING, "reason": "补签日期早于检测报告日期"},
    "finding.closed": {"finding_id": THING, "reason": "现场复核属实"},
    "webhook_subscription.created": {**WEBHOOK, "start_position": 17},
    "webhook_subscription.changed": WEBHOOK,
    "webhook_subscription.deleted": {},
    "webhook_subscription.recovered": {"position": 4711},
}
