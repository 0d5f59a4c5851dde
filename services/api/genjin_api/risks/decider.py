"""Commands on risks: identify, assess on the template's scale, plan a response, review, occur, close."""

from uuid import UUID

from genjin.risks.events import (
    ResponsePlanned,
    RiskAssessed,
    RiskClosed,
    RiskIdentified,
    RiskOccurred,
    RiskReviewed,
)
from genjin.templates.model import Template
from genjin.templates.registers import RiskScale
from genjin_api.acting import Caller, Decided, Decision
from genjin_api.fields import Command, Count, Day, Key, OptionalProse, Prose, example
from genjin_api.projects.access import acting_role, refuse_if_closed, refuse_outsider
from genjin_api.projects.state import Project
from genjin_api.refusal import Refusal, field_refusal, not_found
from genjin_api.risks.state import Risk


class IdentifyRisk(Command):
    """Because of `cause`, `event` may happen, which would lead to `effect`. The categories are the template's."""

    model_config = example(
        category="market",
        cause="竞争对手与设计院关系密切",
        event="技术参数偏向对手",
        effect="我方方案失分",
        owner_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
    )

    category: Key
    cause: Prose
    event: Prose
    effect: Prose
    owner_id: UUID


class AssessRisk(Command):
    """On the template's scale; score and band are computed."""

    model_config = example(
        probability=3,
        impact=4,
        rationale="设计院近三个项目均采用对手设备",
    )

    probability: Count
    impact: Count
    rationale: OptionalProse = ""


class PlanResponse(Command):
    """The strategies are the template's: avoid, mitigate, transfer, accept."""

    model_config = example(
        strategy="mitigate",
        actions="提前与设计院技术交流，提供对比测试数据",
        owner_id="019ab0c2-7c1e-7d3a-9a51-3f0c6a2b4e10",
        trigger="招标文件征求意见稿出现排他参数",
        contingency="书面提出澄清",
    )

    strategy: Key
    actions: Prose
    owner_id: UUID
    trigger: Prose
    contingency: OptionalProse = ""


class ReviewRisk(Command):
    model_config = example(
        note="设计院已接受技术交流",
        next_review_on="2026-12-20",
    )

    note: Prose
    next_review_on: Day | None = None


class RecordOccurrence(Command):
    model_config = example(
        description="征求意见稿出现排他参数",
        measures="已提交澄清函",
    )

    description: Prose
    measures: OptionalProse = ""


class CloseRisk(Command):
    """With what remains after the response, on the template's scale."""

    model_config = example(
        reason="正式招标文件已取消该参数",
        residual_probability=1,
        residual_impact=2,
    )

    reason: Prose
    residual_probability: Count
    residual_impact: Count


def identify(
    project: Project,
    template: Template,
    command: IdentifyRisk,
    risk_id: UUID,
    owner_name: str | None,
    caller: Caller,
) -> Decision:
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    categories = [choice.key for choice in template.risk.categories]
    if command.category not in categories:
        return field_refusal(
            "field_invalid", "/category", f"must be one of {', '.join(categories)}"
        )
    if owner_name is None:
        return field_refusal("unknown_person", "/owner_id", f"no active person {command.owner_id}")
    fact = RiskIdentified(
        risk_id=risk_id,
        category=command.category,
        cause=command.cause,
        event=command.event,
        effect=command.effect,
        owner_id=command.owner_id,
        owner_name=owner_name,
    )
    return Decided([fact], acting_role(project, caller))


def assess(
    project: Project, template: Template, risk_id: UUID, command: AssessRisk, caller: Caller
) -> Decision:
    risk = open_risk(project, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    if refusal := _refuse_scale(template.risk, command.probability, command.impact, prefix="/"):
        return refusal
    score = command.probability * command.impact
    fact = RiskAssessed(
        risk_id=risk_id,
        probability=command.probability,
        impact=command.impact,
        score=score,
        band=template.band(score).key,
        rationale=command.rationale,
    )
    return Decided([fact], acting_role(project, caller))


def plan_response(
    project: Project,
    template: Template,
    risk_id: UUID,
    command: PlanResponse,
    owner_name: str | None,
    caller: Caller,
) -> Decision:
    risk = open_risk(project, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    strategies = [choice.key for choice in template.risk.strategies]
    if command.strategy not in strategies:
        return field_refusal(
            "field_invalid", "/strategy", f"must be one of {', '.join(strategies)}"
        )
    if owner_name is None:
        return field_refusal("unknown_person", "/owner_id", f"no active person {command.owner_id}")
    if risk.score is None:
        return Refusal("risk_not_assessed", "assess the risk before you plan a response")
    fact = ResponsePlanned(
        risk_id=risk_id,
        strategy=command.strategy,
        actions=command.actions,
        owner_id=command.owner_id,
        owner_name=owner_name,
        trigger=command.trigger,
        contingency=command.contingency,
    )
    return Decided([fact], acting_role(project, caller))


def review(project: Project, risk_id: UUID, command: ReviewRisk, caller: Caller) -> Decision:
    risk = open_risk(project, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    fact = RiskReviewed(risk_id=risk_id, note=command.note, next_review_on=command.next_review_on)
    return Decided([fact], acting_role(project, caller))


def occur(project: Project, risk_id: UUID, command: RecordOccurrence, caller: Caller) -> Decision:
    risk = open_risk(project, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    fact = RiskOccurred(risk_id=risk_id, description=command.description, measures=command.measures)
    return Decided([fact], acting_role(project, caller))


def close(
    project: Project, template: Template, risk_id: UUID, command: CloseRisk, caller: Caller
) -> Decision:
    risk = open_risk(project, risk_id, caller)
    if isinstance(risk, Refusal):
        return risk
    probability, impact = command.residual_probability, command.residual_impact
    if refusal := _refuse_scale(template.risk, probability, impact, prefix="/residual_"):
        return refusal
    score = probability * impact
    fact = RiskClosed(
        risk_id=risk_id,
        reason=command.reason,
        residual_probability=probability,
        residual_impact=impact,
        residual_score=score,
        residual_band=template.band(score).key,
    )
    return Decided([fact], acting_role(project, caller))


def open_risk(project: Project, risk_id: UUID, caller: Caller) -> Risk | Refusal:
    """A risk that has occurred is still followed until it is closed."""
    risk = project.risks.get(str(risk_id))
    if risk is None:
        return not_found("risk", risk_id)
    if refusal := refuse_if_closed(project) or refuse_outsider(project, caller):
        return refusal
    if risk.status == "closed":
        return Refusal("risk_closed", "the risk was closed")
    return risk


def _refuse_scale(
    scale: RiskScale, probability: int, impact: int, *, prefix: str
) -> Refusal | None:
    levels = {
        f"{prefix}probability": (probability, [level.value for level in scale.probability]),
        f"{prefix}impact": (impact, [level.value for level in scale.impact]),
    }
    for pointer, (value, allowed) in levels.items():
        if value not in allowed:
            return field_refusal(
                "scale_invalid", pointer, f"must be one of {', '.join(map(str, allowed))}"
            )
    return None
