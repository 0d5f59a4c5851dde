"""Random histories of a project, the same for the same seed: all nouns of a project in one course of events."""

import random
from uuid import UUID

from genjin_api.acting import Caller, Decision
from genjin_api.changes import decider as changes
from genjin_api.corrections.decider import CorrectEntry, Entry, correct
from genjin_api.documents import decider as documents
from genjin_api.projects import closing
from genjin_api.projects import decider as projects
from genjin_api.projects.state import Project
from genjin_api.requirements import decider as requirements
from genjin_api.risks import decider as risks
from genjin_api.subjects.decider import clear_forms
from tests.forms.values import valid_values
from tests.projects.engagement_histories import engaged
from tests.projects.register_histories import finding, metric, milestone
from tests.projects.stakeholder_histories import customer
from tests.specification import (
    A_PROJECT,
    DEPT_HEAD,
    GENERAL_MANAGER,
    HOLDERS,
    MARKETER,
    MOMENT,
    OWNER,
    PROJECT_ID,
    TEMPLATE,
    TODAY,
    TOMORROW,
    Story,
    given,
)
from tests.stages.telling import (
    Decide,
    advance,
    complete,
    follow_up,
    judge,
    judge_all,
    mark,
    override_all,
    prepare,
    record,
    request_review,
    return_to,
    save,
    sign,
    withdraw,
)

WHO = MARKETER


def random_story(seed: int, steps: int) -> Story:
    """What people do, most of it allowed, some of it refused. What engagements bring and what is known of the customer
    comes in between, by dice of their own.
    """
    chance, of_engagements = random.Random(seed), random.Random(f"engagements {seed}")
    besides = random.Random(-seed - 1)
    story = given(A_PROJECT)
    for _ in range(steps):
        if of_engagements.random() < 0.25:
            story.do(*engaged(of_engagements))
        if besides.random() < 0.1:
            story.do(*customer(besides))
        if story.now.status != "open" and chance.random() < 0.6:
            story.do(MARKETER, _wake if story.now.status == "suspended" else _reopen)
        elif story.now.status == "open" and chance.random() < 0.1:
            story.did(MARKETER, record(f"第{len(story.told)}次更新"))
            prepare(story)
            judge_all(story)
            story.do(MARKETER, advance())
        elif story.now.status == "open" and chance.random() < 0.1:
            story.did(MARKETER, record(f"第{len(story.told)}次更新"))
            story.do(GENERAL_MANAGER, override_all())
        else:
            story.do(*chance.choice(_POSSIBLE)(chance))
    return story


def _wake(project: Project) -> Decision:
    return projects.resume(project, TEMPLATE, projects.ResumeProject(), WHO)


def _reopen(project: Project) -> Decision:
    command = closing.ReopenProject(reason="重新招标", to_stage="initiation")
    return closing.reopen(project, TEMPLATE, command, WHO)


def _stage(chance: random.Random) -> tuple[Caller, Decide]:
    role = chance.choice(list(HOLDERS))
    earlier = chance.choice(TEMPLATE.stages).key
    return chance.choice(
        [
            (WHO, mark("c2", met=chance.random() < 0.7)),
            (WHO, record(f"第{chance.randrange(100)}次通话")),
            (HOLDERS[role], judge(role, "hold", comment="预算未批")),
            (DEPT_HEAD, follow_up()),
            (WHO, complete()),
            (HOLDERS[role], withdraw(role)),
            (WHO, request_review()),
            (WHO, advance()),
            (WHO, return_to(earlier)),
            (WHO, return_to("initiation")),
        ]
    )


def _form(chance: random.Random) -> tuple[Caller, Decide]:
    form, role = chance.choice(list(TEMPLATE.forms)), chance.choice(list(HOLDERS))
    copy = chance.randint(1, 2) if TEMPLATE.forms[form].repeatable else 1
    whole = chance.random() < 0.7
    values = valid_values(TEMPLATE.forms[form].json_schema) if whole else {}
    saving = save(form, values=values, complete=whole, reason="更正", copy_number=copy)
    signing = HOLDERS[role], sign(form, role, copy_number=copy)
    if chance.random() < 0.1:
        return OWNER, _erase_somebody
    return chance.choice([(WHO, saving), signing])


def _erase_somebody(project: Project) -> Decision:
    """The first whose data stands in a form."""
    named = (subject for record in project.forms.values() for subject in record.subjects)
    return clear_forms(project, UUID(next(named, str(PROJECT_ID))), OWNER)


def _project(chance: random.Random) -> tuple[Caller, Decide]:
    header = {"region": chance.choice(["天津", "河北", None]), "expected_amount": "1250000.50"}
    patch = projects.ChangeHeader(header=header)
    pause = projects.SuspendProject(reason="客户推迟")
    loss = closing.CloseProject(outcome="lost", reason_code="price")
    return WHO, chance.choice(
        [
            lambda project: projects.change_header(project, TEMPLATE, patch, WHO),
            _wake,
            lambda project: projects.suspend(project, TEMPLATE, pause, WHO),
            lambda project: closing.close(project, TEMPLATE, loss, WHO, MOMENT),
            _reopen,
        ]
    )


def _requirement(chance: random.Random) -> tuple[Caller, Decide]:
    identifier = UUID(int=0xD0 + chance.randrange(3))
    words = {"title": "处理能力", "text": f"日处理{chance.randint(10, 40)}万吨"}
    new = requirements.CaptureRequirement.model_validate({**words, "requested_by": "王工"})
    edit = requirements.EditRequirement.model_validate({**words, "priority": "key"})
    said = {"confirmed_by": "王工", "confirmed_on": TODAY.isoformat(), "evidence": "会议纪要"}
    confirm = requirements.ConfirmRequirement.model_validate(said)

    def capture_or_edit(project: Project) -> Decision:
        if str(identifier) in project.requirements:
            return requirements.edit(project, identifier, edit, WHO)
        return requirements.capture(project, new, identifier, WHO)

    return WHO, chance.choice(
        [
            capture_or_edit,
            lambda project: requirements.confirm(project, identifier, confirm, WHO, MOMENT),
        ]
    )


def _change(chance: random.Random) -> tuple[Caller, Decide]:
    identifier, requirement = (
        UUID(int=0xC0 + chance.randrange(3)),
        UUID(int=0xD0 + chance.randrange(3)),
    )
    said = {"title": "提高能力", "reason": "人口上调", "proposed_title": "处理能力"}
    new = changes.RaiseChange.model_validate(
        {**said, "proposed_text": "三十万吨", "requested_by": "王工", "requirement_id": requirement}
    )
    words = {name: "有影响" for name in ("scope", "quality", "risk", "resource")}
    impact = changes.AssessChange.model_validate({**words, "days": 3, "cost": "10.50"})
    verdict = changes.DecideChange.model_validate(
        chance.choice(
            [
                {"decision": "approve"},
                {"decision": "approve_with_conditions", "conditions": ["先签补充协议"]},
                {"decision": "reject", "comment": "超出范围"},
                {"decision": "defer", "review_on": TOMORROW.isoformat()},
            ]
        )
    )

    def raise_or_go_on(project: Project) -> Decision:
        known = project.change_requests.get(str(identifier))
        if known is None:
            return changes.raise_change(project, TEMPLATE, new, identifier, WHO)
        if known.impact is None:
            return changes.assess(project, identifier, impact, WHO)
        if known.status == "raised":
            return changes.submit(project, identifier, WHO)
        return changes.apply(project, identifier, WHO)

    return chance.choice(
        [
            (WHO, raise_or_go_on),
            (WHO, raise_or_go_on),
            (WHO, raise_or_go_on),
            (
                DEPT_HEAD,
                lambda project: changes.decide(
                    project, TEMPLATE, identifier, verdict, DEPT_HEAD, MOMENT
                ),
            ),
        ]
    )


def _document(chance: random.Random) -> tuple[Caller, Decide]:
    identifier = UUID(int=0xE0 + chance.randrange(3))
    file = documents.StoredFile(f"{chance.randrange(4):064x}", 1234, "application/pdf")
    new = documents.AttachDocument(sha256=file.sha256, title="技术协议", file_name="协议.pdf")
    end = documents.WithdrawDocument(reason="扫描不全")

    def attach_or_withdraw(project: Project) -> Decision:
        if str(identifier) in project.documents:
            return documents.withdraw(project, TEMPLATE, identifier, end, WHO)
        return documents.attach(project, TEMPLATE, new, identifier, file, WHO)

    return WHO, attach_or_withdraw


def _risk(chance: random.Random) -> tuple[Caller, Decide]:
    identifier, owner = UUID(int=0xA0 + chance.randrange(3)), MARKETER.person_id
    told = {"cause": "涨价", "event": "超支", "effect": "亏损", "owner_id": owner}
    new = risks.IdentifyRisk.model_validate({**told, "category": "cost"})
    grade = risks.AssessRisk(probability=chance.randint(1, 5), impact=chance.randint(1, 5))
    answer = risks.PlanResponse.model_validate(
        {"strategy": "accept", "actions": "备用金", "owner_id": owner, "trigger": "涨价"}
    )
    end = risks.CloseRisk(reason="已锁价", residual_probability=1, residual_impact=2)

    def identify_or_assess(project: Project) -> Decision:
        if str(identifier) in project.risks:
            return risks.assess(project, TEMPLATE, identifier, grade, WHO)
        return risks.identify(project, TEMPLATE, new, identifier, WHO.name, WHO)

    return WHO, chance.choice(
        [
            identify_or_assess,
            identify_or_assess,
            lambda project: risks.plan_response(
                project, TEMPLATE, identifier, answer, WHO.name, WHO
            ),
            lambda project: risks.close(project, TEMPLATE, identifier, end, WHO),
        ]
    )


def _correction(chance: random.Random) -> tuple[Caller, Decide]:
    """Of what was recorded in one of the stages, by whoever recorded it."""
    place = chance.randrange(100)

    def correct_an_actual(project: Project) -> Decision:
        actuals = [visit.actual for visit in project.course.visits.values() if visit.actual]
        if not actuals:
            return correct(project, _wrong(PROJECT_ID), None, WHO)
        actual = actuals[place % len(actuals)]
        entry = Entry(
            actual.event_id, "stage.actual_recorded", actual.recorded_by, "marketer", data={}
        )
        return correct(project, _wrong(entry.id), entry, WHO)

    return WHO, correct_an_actual


def _wrong(event_id: UUID) -> CorrectEntry:
    return CorrectEntry(event_id=event_id, reason="记错了日期", note="应为3月6日")


_POSSIBLE = [
    *(_stage, _form, _form, _project, _risk, milestone, metric, finding, _document),
    *(_requirement, _requirement, _requirement, _change, _change, _change, _change),
    _correction,
]
