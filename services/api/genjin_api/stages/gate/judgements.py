"""What a gate finds of the judgements of its stage, by the rule's mode. Only fresh judgements count. One is a fact of
its time: it goes on counting when whoever gave it holds the role no more.
"""

from collections.abc import Iterator

from genjin.templates.blockers import BlockerCode
from genjin.templates.judging import JudgementRule
from genjin.templates.model import Template
from genjin_api.stages.gate.check import Check
from genjin_api.stages.state import Judgement, Visit


def of_judgements(rule: JudgementRule, visit: Visit) -> Iterator[Check]:
    match rule.mode:
        case "all" | "sequence":
            yield from (_of_role(rule, visit, role) for role in rule.roles)
        case "decisive":
            yield from (_of_role(rule, visit, role) for role in rule.decisive)
        case "any":
            yield _enough(rule, visit, 1)
        case "quorum":
            assert rule.quorum is not None, "the template was checked"
            yield _enough(rule, visit, rule.quorum)


def waits_for(rule: JudgementRule, visit: Visit, role: str) -> str | None:
    """In a sequence, the role that has to say `advance` before this one."""
    if rule.mode != "sequence":
        return None
    before = rule.roles[: rule.roles.index(role)]
    return next((one for one in before if not _of_role(rule, visit, one).passed), None)


def is_in_turn(rule: JudgementRule, visit: Visit, role: str) -> bool:
    """Whether, in a sequence, a judgement was given after those before it: nobody before has judged anew since."""
    given = list(visit.judgements)
    before = rule.roles[: rule.roles.index(role)] if rule.mode == "sequence" else ()
    return not set(before) & set(given[given.index(role) + 1 :])


def judges_of(template: Template, visit: Visit) -> tuple[str, ...]:
    """Whose judgements a visit has slots for: by its stage's rule, or, of a stage that only an earlier template version
    had, those who judged.
    """
    if visit.stage in {stage.key for stage in template.stages}:
        return template.judgement_of(visit.stage).roles
    return tuple(visit.judgements)


def _of_role(rule: JudgementRule, visit: Visit, role: str) -> Check:
    judgement = visit.judgements.get(role)
    if judgement is None:
        return Check("judgement_missing", role, False, None)
    if visit.is_stale(judgement):
        return Check("judgement_stale", role, False, _ages(judgement, visit), (judgement.event_id,))
    if not is_in_turn(rule, visit, role):
        return Check("judgement_stale", role, False, {"out_of_turn": True}, (judgement.event_id,))
    passed = judgement.verdict == rule.ADVANCE
    return Check("judgement_negative", role, passed, judgement.verdict, (judgement.event_id,))


def _ages(judgement: Judgement, visit: Visit) -> dict[str, int]:
    ages = {"judged": judgement.facts_version, "now": visit.facts_version}
    if judgement.round < visit.round:
        ages |= {"judged_in_round": judgement.round, "round": visit.round}
    return ages


def _enough(rule: JudgementRule, visit: Visit, needed: int) -> Check:
    """One check for all roles together: so many have said `advance` of so many needed. Where so many said otherwise
    that it cannot come to that any more, their rejection stands in the way, not that somebody has yet to judge.
    """
    checks = {role: _of_role(rule, visit, role) for role in rule.roles}
    advanced = [role for role, check in checks.items() if check.passed]
    said = {
        role: check.value
        for role, check in checks.items()
        if check.code == "judgement_negative" and not check.passed
    }
    value = {"advance": advanced, "needed": needed, "of": list(rule.roles), "said": said}
    events = tuple(event for check in checks.values() for event in check.events)
    rejected = len(rule.roles) - len(said) < needed
    code: BlockerCode = "judgement_negative" if rejected else "judgement_missing"
    return Check(code, rule.mode, len(advanced) >= needed, value, events)
