"""What people call the fields of the registers: milestones, metrics, findings, documents, corrections. Data alone."""

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
