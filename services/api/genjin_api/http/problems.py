"""Every way in which the API says no, as RFC 9457 problems: one table of code, status and title in both languages."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal

import orjson
from starlette.exceptions import HTTPException
from starlette.responses import Response

from genjin_api.refusal import FieldError, Refusal, RefusalCode

MEDIA_TYPE = "application/problem+json"

ProtocolCode = Literal[
    "malformed_json",
    "body_missing",
    "body_too_deep",
    "header_invalid",
    "cursor_invalid",
    "point_in_future",
    "unauthorized",
    "workspace_role_not_allowed",
    "method_not_allowed",
    "position_gone",
    "log_forked",
    "file_gone",
    "version_stale",
    "body_too_large",
    "unsupported_media_type",
    "validation_failed",
    "text_not_storable",
    "idempotency_key_reused",
    "log_damaged",
    "file_damaged",
    "too_many_streams",
    "internal_error",
    "busy",
]

Code = ProtocolCode | RefusalCode

# code: (status, English title, Chinese title)
PROBLEMS: dict[Code, tuple[int, str, str]] = {
    "malformed_json": (400, "The body is not JSON", "请求体不是合法的 JSON"),
    "body_missing": (400, "The body is missing", "缺少请求体"),
    "body_too_deep": (400, "The body is nested too deeply", "请求体嵌套过深"),
    "header_invalid": (400, "A header is not understood", "请求头无法识别"),
    "cursor_invalid": (400, "The cursor is not one of this list", "分页游标无效"),
    "point_in_future": (400, "The log has not come to this point", "日志尚未到达该时点"),
    "unauthorized": (401, "A valid API key is needed", "需要有效的 API 密钥"),
    "workspace_role_not_allowed": (
        403,
        "Your workspace role does not allow this",
        "工作区角色无此权限",
    ),
    "role_not_allowed": (403, "Your role does not allow this", "角色无此权限"),
    "not_role_holder": (403, "You do not hold this role", "您不担任该角色"),
    "second_slot_refused": (
        403,
        "Nobody fills two slots of one gate",
        "同一关口一人不得占两个席位",
    ),
    "self_approval": (403, "Nobody decides on their own request", "不得审批本人提出的变更"),
    "decision_above_authority": (
        403,
        "The change is beyond what your role decides",
        "变更超出该角色的审批权限",
    ),
    "self_signature": (403, "Nobody signs what they saved", "不得签署本人保存的版本"),
    "override_not_allowed": (403, "Your role does not override gates", "角色无权越过关口"),
    "own_correction": (403, "Nobody checks their own correction", "不得复核本人的整改"),
    "not_found": (404, "There is no such thing", "未找到"),
    "method_not_allowed": (405, "This path does not take this method", "该路径不支持此方法"),
    "project_code_taken": (409, "Another project has this code", "项目代号已被使用"),
    "project_suspended": (409, "The project is suspended", "项目已暂停"),
    "project_not_suspended": (409, "The project is not suspended", "项目未暂停"),
    "project_closed": (409, "The project is closed", "项目已关闭"),
    "project_not_closed": (409, "The project is not closed", "项目未关闭"),
    "role_already_held": (409, "This person holds the role already", "该人员已担任此角色"),
    "role_taken": (409, "This role has its one holder", "该角色只能由一人担任，已有人担任"),
    "roles_exclusive": (
        409,
        "One person may not hold both roles",
        "同一人不得兼任这些角色",
    ),
    "out_of_turn": (409, "Another role judges first", "须由前一角色先作出判断"),
    "exit_closed": (409, "No such way on is open", "该去向的条件尚未成立"),
    "blocker_not_waivable": (409, "This check may not be waived", "该项不可豁免"),
    "outcome_not_possible": (409, "This outcome is not possible now", "目前不能以此结果结束"),
    "condition_is_computed": (
        409,
        "This condition is computed, not marked",
        "该条件由系统判定，不可手工标记",
    ),
    "already_judged": (409, "This judgement stands already", "该判断已作出"),
    "gate_closed": (409, "The gate is closed", "关口条件未满足"),
    "skip_refused": (409, "A stage cannot be skipped", "不得跳过阶段"),
    "return_refused": (409, "The return is not possible", "不得退回到该阶段"),
    "at_final_stage": (409, "This is the last stage", "已是最后阶段"),
    "not_at_final_gate": (409, "This outcome needs the last gate", "该结果须在最后关口作出"),
    "follow_up_already_completed": (409, "The follow-up was completed before", "跟进措施已完成"),
    "form_not_repeatable": (409, "This form has one copy", "该表单不可重复"),
    "form_not_complete": (409, "A draft cannot be signed", "草稿不可签字"),
    "form_already_signed": (409, "This revision is signed by this role", "该角色已在此版本签字"),
    "requirement_confirmed": (409, "The requirement is confirmed", "需求已由客户确认"),
    "requirement_not_confirmed": (409, "The requirement is not confirmed", "需求尚未确认"),
    "change_not_open": (409, "The change request is not open", "变更申请已结束"),
    "change_not_submitted": (409, "The change request is not submitted", "变更申请尚未提交"),
    "change_not_approved": (409, "The change request is not approved", "变更申请未获批准"),
    "change_required": (
        409,
        "This changes by an approved change alone",
        "须凭已批准的变更申请方可修改",
    ),
    "change_base_moved": (409, "Another change came first", "需求已被其他变更修改"),
    "change_already_submitted": (409, "The change request is submitted already", "变更申请已提交"),
    "impact_missing": (409, "The impact is not assessed", "尚未评估变更影响"),
    "correction_refused": (409, "This event cannot be corrected so", "不得如此更正该记录"),
    "risk_closed": (409, "The risk is closed", "风险已关闭"),
    "risk_not_assessed": (409, "The risk is not assessed", "风险尚未评估"),
    "milestone_already_set": (409, "This milestone is set already", "该里程碑已设定"),
    "milestone_not_open": (409, "The milestone was reached or dropped", "里程碑已达成或已取消"),
    "milestone_of_template": (
        409,
        "A milestone of the template cannot be dropped",
        "模板规定的里程碑不可取消",
    ),
    "findings_not_kept": (
        409,
        "The process keeps no audit findings",
        "该流程不设审计发现",
    ),
    "finding_closed": (409, "The finding is closed", "审计发现已关闭"),
    "finding_not_corrected": (409, "The finding is not corrected", "审计发现尚未整改"),
    "finding_already_corrected": (
        409,
        "The finding was reported corrected",
        "审计发现已报整改，待复核",
    ),
    "limit_reached": (409, "The project has as many as it may have", "已达到数量上限"),
    "not_an_engagement": (
        409,
        "This process links no projects",
        "该流程不是业务跟进，不能关联项目",
    ),
    "engagement_nested": (
        409,
        "An engagement groups no engagements",
        "业务跟进之下不得再有业务跟进",
    ),
    "already_linked": (409, "The project is linked already", "该项目已关联"),
    "risks_already_linked": (409, "The risks are linked already", "风险已经关联"),
    "project_not_linked": (
        409,
        "The engagement does not link this project",
        "业务跟进未关联该项目",
    ),
    "health_not_kept": (409, "This process knows no health", "该流程没有健康状况"),
    "goal_ended": (409, "The goal has ended", "目标已结束"),
    "goal_measured_by_metric": (409, "A metric measures this goal", "该目标由指标衡量"),
    "account_archived": (409, "The account is archived", "客户档案已归档"),
    "contact_archived": (409, "The contact is archived", "联系人已归档"),
    "reporting_cycle": (409, "Nobody reports to themselves", "报告关系不得成环"),
    "document_withdrawn": (409, "The document is withdrawn", "该文件已撤回"),
    "too_many_documents": (409, "The project has too many documents", "项目文件过多"),
    "key_already_revoked": (409, "The key is revoked already", "密钥已吊销"),
    "subscription_not_halted": (409, "The subscription is not halted", "该订阅未被停止"),
    "subject_erased": (409, "This person's data was erased", "该当事人的个人信息已被删除"),
    "subject_key_missing": (
        409,
        "The key of this person's data is not in this installation",
        "本安装缺少该当事人数据的密钥",
    ),
    "template_key_reserved": (
        409,
        "This key is one of Genjin's own templates",
        "该键为系统内置模板所用",
    ),
    "template_retired": (409, "This template version is retired", "该模板版本已停用"),
    "too_many_versions": (409, "The template has too many versions", "模板版本过多"),
    "position_gone": (410, "The log does not reach this position", "日志中没有该位置"),
    "log_forked": (410, "The log is not the one that you read", "日志已不是您先前读取的日志"),
    "file_gone": (410, "The file is not kept here", "本安装未保存该文件"),
    "facts_changed": (412, "The facts have changed", "事实已变更"),
    "version_stale": (412, "The version is another by now", "版本已更新"),
    "body_too_large": (413, "The body is too large", "请求体过大"),
    "unsupported_media_type": (
        415,
        "The body must be application/json",
        "请求体须为 application/json",
    ),
    "validation_failed": (422, "Fields break a rule", "字段不符合规则"),
    "text_not_storable": (
        422,
        "Text holds a character that cannot be kept",
        "文本含有无法保存的字符",
    ),
    "idempotency_key_reused": (
        422,
        "The idempotency key was used for another request",
        "幂等键已用于其他请求",
    ),
    "field_invalid": (422, "A field breaks a rule of the domain", "字段不符合业务规则"),
    "template_invalid": (422, "The template does not hold together", "模板不完整或有误"),
    "mapping_incomplete": (422, "The mapping leaves something out", "对应关系不完整"),
    "form_invalid": (422, "The values do not fit the form", "表单内容不符合要求"),
    "scale_invalid": (422, "The value is not on the scale", "取值不在量表内"),
    "evidence_required": (422, "Evidence is needed", "需要依据"),
    "comment_required": (422, "A comment is needed", "需要填写意见"),
    "reason_required": (422, "A reason is needed", "需要填写原因"),
    "occurred_at_refused": (422, "This time is not possible", "发生时间无效"),
    "file_unknown": (422, "No such file was uploaded", "该文件尚未上传"),
    "unknown_person": (422, "There is no such active person", "无此在册人员"),
    "log_damaged": (500, "The stored log is not what was written", "所存日志与写入时不符"),
    "file_damaged": (500, "The stored file is not what it was", "所存文件已损坏"),
    "too_many_streams": (429, "You have too many streams open", "打开的事件流过多"),
    "internal_error": (500, "Something went wrong on our side", "服务内部错误"),
    "busy": (503, "Try again in a moment", "服务繁忙，请稍后重试"),
}


class ProblemError(HTTPException):
    """Raised at the HTTP edge where a problem is found before any command exists."""

    def __init__(
        self,
        code: ProtocolCode,
        detail: str,
        errors: Sequence[FieldError] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(PROBLEMS[code][0], detail, headers)
        self.code: ProtocolCode = code
        self.errors = errors


def language_of(accept_language: str | None) -> str:
    """zh or en: whichever of the two is named first."""
    for part in (accept_language or "").lower().split(","):
        tag = part.strip()[:2]
        if tag in ("zh", "en"):
            return tag
    return "en"


def problem(
    code: Code,
    detail: str,
    *,
    request_id: str,
    language: str,
    errors: Sequence[FieldError] = (),
    blockers: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    """The problem's body."""
    status, english, chinese = PROBLEMS[code]
    body: dict[str, Any] = {
        "type": f"urn:genjin:problem:{code}",
        "title": chinese if language == "zh" else english,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    if errors:
        body["errors"] = [asdict(error) for error in errors]
    if blockers:
        body["blockers"] = list(blockers)
    return body


def problem_response(body: dict[str, Any], headers: dict[str, str] | None = None) -> Response:
    extra = dict(headers or {})
    if body["status"] == 401:
        extra["WWW-Authenticate"] = "Bearer"
    if body["status"] == 503:
        extra.setdefault("Retry-After", "1")
    return Response(orjson.dumps(body), body["status"], media_type=MEDIA_TYPE, headers=extra)


def refusal_problem(refusal: Refusal, *, request_id: str, language: str) -> dict[str, Any]:
    return problem(
        refusal.code,
        refusal.detail,
        request_id=request_id,
        language=language,
        errors=refusal.errors,
        blockers=refusal.blockers,
    )
