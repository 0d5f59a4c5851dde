"""What another version would mean for a project, as the deciders see it: what it asks anew, and nothing else."""

from typing import Any

from genjin.stages.events import ConditionApproved, StageJudged
from genjin_api.projects.migrating import MigrateProject
from genjin_api.templates.impact import Impact, impact
from tests.small_template import small_template
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, MOMENT, OWNER, Story, by, given
from tests.templates.test_model import text, titled

PLAN = {"key": "plan", "kind": "approval", "by": ["dept_head"]}
JUDGES = ["marketer", "dept_head"]


def rule(mode: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"mode": mode, "roles": list(roles or JUDGES), "verdicts": titled("advance"), **more}


def approved_and_judged() -> Story:
    at = {"stage": "initiation", "visit": 1, "comment": "", "facts_version": 0}
    judged = {**at, "verdict": "advance"}
    approval = {**at, "condition": "plan", "approved": True, "revisions": {}}
    return given(
        A_PROJECT,
        by(DEPT_HEAD, ConditionApproved.model_validate({**approval, "role": "dept_head"})),
        by(MARKETER, StageJudged.model_validate({**judged, "role": "marketer"})),
        by(DEPT_HEAD, StageJudged.model_validate({**judged, "role": "dept_head"})),
    )


def blocks(before: dict[str, Any], after: dict[str, Any], *approver: str) -> list[tuple[str, str]]:
    """What the gate would ask for anew, where the judgement rule goes from one to the other."""
    plan = PLAN | {"by": list(approver) or PLAN["by"]}
    pinned = small_template(PLAN, judgement=before)
    target = small_template(plan, judgement=after, title=text("next"))
    target = target.model_copy(update={"version": 2})
    command = MigrateProject(reason="改版")
    found = impact(approved_and_judged().now, pinned, target, command, OWNER, MOMENT)
    assert isinstance(found, Impact)
    return [(one["code"], one["subject"]) for one in found.blockers]


def test_what_was_said_by_every_rule_of_judgement_is_not_taken_for_missing() -> None:
    rules = [
        rule("all"),
        rule("any"),
        rule("quorum", quorum=2),
        rule("sequence"),
        rule("decisive", decisive=["dept_head"]),
    ]
    assert [blocks(one, one) for one in rules] == [[]] * len(rules)


def test_what_the_new_version_asks_of_others_blocks() -> None:
    every, other = rule("all"), ("sales_manager",)
    assert blocks(every, every, *other) == [("approval_missing", "plan")]
    assert blocks(every, rule("any", *other)) == [("judgement_missing", "any")]
    assert blocks(every, rule("quorum", *JUDGES, *other, quorum=3)) == [
        ("judgement_missing", "quorum")
    ]
    assert blocks(every, rule("sequence", "dept_head", "marketer")) == [
        ("judgement_stale", "marketer")
    ]
