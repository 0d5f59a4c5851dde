"""What people call the fields of a project's registers, besides those of every noun. Data alone."""

from collections.abc import Mapping

MILESTONE: Mapping[str, tuple[str, str]] = {
    "title": ("标题", "title"),
    "due_on": ("到期日", "due on"),
    "first_due_on": ("最初到期日", "first due on"),
    "set_at": ("设定时间", "set at"),
    "set_by": ("设定人", "set by"),
    "rescheduled": ("改期次数", "times rescheduled"),
    "rescheduling_reason": ("改期原因", "reason of the rescheduling"),
    "reached_on": ("达成日期", "reached on"),
    "evidence": ("依据", "evidence"),
    "days_late": ("逾期天数", "days late"),
    "dropping_reason": ("取消原因", "reason of the dropping"),
}

METRIC: Mapping[str, tuple[str, str]] = {
    "count": ("记录次数", "times recorded"),
    "newest": ("最新", "newest"),
    "target": ("目标值", "target"),
    "target_reason": ("目标调整原因", "reason of the target"),
    "value": ("数值", "value"),
    "on": ("日期", "day"),
    "note": ("说明", "note"),
    "recorded_by": ("记录人", "recorded by"),
    "recorder_name": ("记录人姓名", "recorder's name"),
    "recorded_at": ("记录时间", "recorded at"),
}

FINDING: Mapping[str, tuple[str, str]] = {
    "severity": ("严重程度", "severity"),
    "title": ("标题", "title"),
    "description": ("描述", "description"),
    "visit": ("第几次", "visit"),
    "due_on": ("整改期限", "due on"),
    "responsible_id": ("整改责任人", "responsible"),
    "responsible_name": ("整改责任人姓名", "name of the responsible"),
    "raised_at": ("提出时间", "raised at"),
    "raised_by": ("提出人", "raised by"),
    "raiser_name": ("提出人姓名", "name of who raised it"),
    "correction": ("整改", "correction"),
    "measures": ("整改措施", "measures"),
    "rejections": ("退回整改次数", "times rejected"),
    "rejection_reason": ("退回整改原因", "reason of the rejection"),
    "closing_reason": ("关闭原因", "reason of the closing"),
    "closed_at": ("关闭时间", "closed at"),
}

STAKEHOLDER: Mapping[str, tuple[str, str]] = {
    "subject_id": ("所涉个人", "person concerned"),
    "roles": ("采购角色", "buying roles"),
    "reports_to": ("上级", "reports to"),
    "from_forms": ("所据表单", "forms behind it"),
    "values": ("态度与记录", "attitude and notes"),
    "subjects": ("所涉内容位置", "places of personal values"),
    "restricted": ("含受限内容", "holds restricted values"),
    "identified_at": ("识别时间", "identified at"),
    "identified_by": ("识别人", "identified by"),
    "removal_reason": ("移除原因", "reason of the removal"),
    "scores": ("关系评分", "relationship score"),
    "number": ("第几次", "number"),
    "assessed_on": ("评估日期", "assessed on"),
    "scored_at": ("评分时间", "scored at"),
    "scored_by": ("评分人", "scored by"),
    "scorer_name": ("评分人姓名", "scorer's name"),
    "form": ("评分所据表单", "form behind it"),
    "stance": ("态度", "stance"),
    "influence": ("影响力", "influence"),
    "relation_level": ("关系程度", "level of the relationship"),
    "concerns": ("关心的问题", "concerns"),
    "evidence": ("依据", "evidence"),
    "decision_power": ("决策权", "decision power"),
    "agenda": ("关注议题", "agenda"),
    "personal_win": ("个人诉求", "personal win"),
    "rival_ties": ("与竞争对手的关系", "ties with competitors"),
    "access_path": ("接触途径", "access path"),
    "note": ("备注", "note"),
    "relation_stage": ("关系阶段", "stage of the relationship"),
    "gap": ("差距", "gap"),
}

BUYING_ROLES: Mapping[str, tuple[str, str]] = {
    "handler": ("经手人士", "handler"),
    "coach": ("内线(SPY)", "coach (SPY)"),
    "decision_maker": ("决策人", "decision maker"),
    "project_owner": ("项目负责人", "project owner"),
    "evaluator": ("评估小组", "evaluator"),
    "influencer": ("影响者", "influencer"),
    "user": ("使用者", "user"),
    "technical": ("技术把关者", "technical buyer"),
    "purchaser": ("采购者", "purchaser"),
}

DOCUMENT: Mapping[str, tuple[str, str]] = {
    "document": ("文件种类", "kind of document"),
    "form": ("所属表单", "form"),
    "copy_number": ("第几份", "copy"),
    "title": ("标题", "title"),
    "file_name": ("文件名", "file name"),
    "media_type": ("媒体类型", "media type"),
    "size": ("大小(字节)", "size in bytes"),
    "sha256": ("内容散列", "hash of the content"),
    "attached_at": ("附上时间", "attached at"),
    "attached_by": ("附上人", "attached by"),
    "withdrawn_at": ("撤回时间", "withdrawn at"),
    "withdrawn_by": ("撤回人", "withdrawn by"),
    "withdrawal_reason": ("撤回原因", "reason of the withdrawal"),
}

CORRECTION: Mapping[str, tuple[str, str]] = {
    "corrected_event_id": ("所更正的事件", "corrected event"),
    "correction_event_id": ("更正事件", "correcting event"),
    "corrected_type": ("所更正事件的类型", "type of the corrected event"),
    "note": ("正确内容", "what is right"),
    "receipts": ("所涉过关记录", "gate receipts concerned"),
    "visit": ("第几次", "visit"),
}
