"""Follows a project of any template over HTTP: does what the template asks for in a stage, and moves on.

walk = await Walk.begin(world, "enterprise.5")
await walk.fulfil()
await walk.advance()
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from genjin.templates.catalog import latest
from genjin.templates.conditions import (
    ApprovalCondition,
    Condition,
    DocumentCondition,
    ManualCondition,
    MetricCondition,
    MilestoneCondition,
    RiskCondition,
)
from genjin.templates.model import FormSpec, Stage, Template
from tests.end_to_end.processes.cast import cast
from tests.forms.values import valid_values
from tests.pursuit import done
from tests.world import Person, World

VALUE_OF_FORMAT = {"money": "1250000.00", "currency": "CNY", "date": "2026-03-16"}
Values = Mapping[str, Mapping[str, Any]]
"""By form: what its values have instead of the ones made from its schema."""


@dataclass
class Walk:
    """A project by its path, and who plays its roles. saved: how many copies of each form there are."""

    template: Template
    path: str
    people: Mapping[str, Person]
    saved: dict[str, int] = field(default_factory=dict)

    @classmethod
    async def begin(
        cls, world: World, key: str, *, without: Collection[str] = (), days_ago: int = 0
    ) -> "Walk":
        """A project with all its roles held but those that are given later."""
        template = latest(key)
        judges = (world.marketer, world.dept_head, world.sales_manager, world.general_manager)
        people = cast(template, [*judges, world.outsider, world.owner])
        began = datetime.now(UTC) - timedelta(days=days_ago) if days_ago else None
        body: dict[str, Any] = {
            "code": f"XM-{key}",
            "template": key,
            "header": _header(template),
            "occurred_at": began and began.isoformat(),
        }
        made = done(await world.owner.post("/v1/projects", body)).json()
        walk = cls(template, f"/v1/projects/{made['project']['id']}", people)
        for role in people.keys() - set(without):
            await walk.appoint(role, by=world.owner)
        return walk

    async def appoint(self, role: str, *, by: Person) -> None:
        body = {"role": role, "person_id": self.people[role].id}
        done(await by.post(f"{self.path}/role-holders", body))

    async def post(self, role: str, name: str, body: Mapping[str, Any]) -> dict[str, Any]:
        answer: dict[str, Any] = done(await self.ask(role, name, body)).json()
        return answer

    async def ask(self, role: str, name: str, body: Mapping[str, Any]) -> httpx.Response:
        """What may be refused."""
        return await self.people[role].post(f"{self.path}/{name}", dict(body))

    async def card(self) -> dict[str, Any]:
        anyone = next(iter(self.people.values()))
        card: dict[str, Any] = done(await anyone.get(self.path)).json()
        return card

    async def stage(self) -> Stage:
        return self.template.stage((await self.card())["stage"])

    async def blockers(self) -> set[tuple[str, str]]:
        """What keeps the gate closed, by code and subject."""
        anyone = next(iter(self.people.values()))
        gate = done(await anyone.get(f"{self.path}/gate")).json()
        return {(blocker["code"], blocker["subject"]) for blocker in gate["blockers"]}

    async def fulfil(self, values: Values | None = None) -> None:
        """All that the stage asks for, up to the judgements. Optional forms are left out."""
        stage = await self.stage()
        for form in stage.forms:
            if self.template.forms[form].required:
                await self.complete(form, (values or {}).get(form))
        conditions = list(stage.conditions())
        for condition in conditions:
            await self._meet(stage, condition)
        await self.post(stage.actual_by[0], "actuals", {"text": f"{stage.title.zh}：已完成。"})
        for condition in conditions:
            if isinstance(condition, ApprovalCondition):
                for role in condition.by:
                    await self.approve(condition.key, role)
        for role in self.template.judgement_of(stage.key).roles:
            await self.judge(role)

    async def advance(self, to_stage: str | None = None, reason: str = "") -> dict[str, Any]:
        """By whoever records the stage, or judges it where an outside party records."""
        stage = await self.stage()
        movers = (*stage.actual_by, *self.template.judgement_of(stage.key).roles)
        role = next(role for role in movers if role not in self.template.outside_roles)
        body = {"to_stage": to_stage, "reason": reason}
        return await self.post(role, "stage-advances", body)

    async def advance_to(self, stage: str, values: Values | None = None) -> None:
        """Through every gate before a stage, which comes after this one."""
        while (await self.stage()).key != stage:
            await self.fulfil(values)
            await self.advance()

    async def complete(self, form: str, instead: Mapping[str, Any] | None = None) -> None:
        """Another copy of a repeatable form, a new revision of one that each visit asks for; signed by all who must."""
        spec, before = self.template.forms[form], self.saved.get(form, 0)
        if spec.repeatable:
            self.saved[form] = before + 1
            await self._save(form, instead, copy_number=before + 1)
        elif not before:
            self.saved[form] = 1
            await self._save(form, instead)
        elif spec.each_visit:
            await self.revise(form, instead)

    async def revise(self, form: str, instead: Mapping[str, Any] | None = None) -> None:
        """A new revision of the newest copy, signed anew."""
        copy_number = self.saved[form] if self.template.forms[form].repeatable else 1
        await self._save(form, instead, copy_number=copy_number, reason="情况有变")

    async def _save(
        self,
        form: str,
        instead: Mapping[str, Any] | None,
        *,
        copy_number: int = 1,
        reason: str = "",
    ) -> None:
        spec = self.template.forms[form]
        values = {**valid_values(spec.json_schema), **(instead or {})}
        body = {"values": values, "complete": True, "copy_number": copy_number, "reason": reason}
        saver = self._saver(spec)
        saved = done(await saver.put(f"{self.path}/forms/{form}", body)).json()
        for role in spec.signed_by:
            signature = {"role": role, "copy_number": copy_number}
            revision = saved["form"]["revision"]
            await self.post(role, f"forms/{form}/signatures", signature | {"revision": revision})

    def _saver(self, spec: FormSpec) -> Person:
        """Of those who fill the form in someone who does not sign, where there is one, so that four eyes see what needs
        them.
        """
        signers = {self.people[role].id for role in spec.signed_by}
        inside = [role for role in self.people if role not in self.template.outside_roles]
        people = [self.people[role] for role in spec.by or inside]
        return next((one for one in people if one.id not in signers), people[0])

    async def _meet(self, stage: Stage, condition: Condition) -> None:
        match condition:
            case ManualCondition():
                marker = self.people[(condition.by or stage.actual_by)[0]]
                body = {"met": True, "evidence": "见会议纪要第三条"}
                done(await marker.put(f"{self.path}/conditions/{condition.key}", body))
            case RiskCondition():
                await self.answer_risk(stage, condition)
            case MilestoneCondition():
                await self.reach_milestone(stage, condition.milestone)
            case MetricCondition():
                await self.record_metric(condition.metric)
            case DocumentCondition():
                await self.attach(stage, condition.document)
            case _:
                pass

    async def attach(self, stage: Stage, document: str) -> None:
        """A file brought by whoever records the stage, and attached as a document of this kind."""
        person = self.people[stage.actual_by[0]]
        uploaded = await person.client.post(
            f"{self.path}/files",
            content=f"{document} of {stage.key}".encode(),
            headers={"Content-Type": "application/pdf"},
        )
        file_hash = done(uploaded).json()["file"]["sha256"]
        body = {"document": document, "sha256": file_hash, "title": "附件", "file_name": "附件.pdf"}
        await self.post(stage.actual_by[0], "documents", body)

    async def answer_risk(self, stage: Stage, condition: RiskCondition) -> None:
        """A risk that was identified, assessed and answered in this visit."""
        role = stage.actual_by[0]
        owner_id = self.people[role].id
        known = [choice.key for choice in self.template.risk.categories]
        told = {"category": (condition.categories or known)[0], "owner_id": owner_id}
        told |= {"cause": "设备供货周期长", "event": "到货延迟", "effect": "工期推迟"}
        risk = (await self.post(role, "risks", told))["risk"]["id"]
        await self.post(role, f"risks/{risk}/assessments", {"probability": 3, "impact": 4})
        response = {
            "strategy": self.template.risk.strategies[0].key,
            "actions": "提前下单",
            "trigger": "排产延迟",
        }
        await self.post(role, f"risks/{risk}/responses", response | {"owner_id": owner_id})

    async def reach_milestone(self, stage: Stage, key: str | None = None) -> None:
        """One that is set for the stage, of the template by its key or else of the project's own."""
        role, today = stage.actual_by[0], _today()
        told = {"key": key} if key else {"title": "样机测试通过"}
        told |= {"due_on": today, "stage": stage.key}
        milestone = (await self.post(role, "milestones", told))["milestone"]["id"]
        reached = {"reached_on": today, "evidence": "测试报告第7号"}
        await self.post(role, f"milestones/{milestone}/attainments", reached)

    async def record_metric(
        self, metric: str, value: float = 100.0, target: float | None = 100.0
    ) -> None:
        """A value of today; the target is the project's own."""
        [spec] = [known for known in self.template.metrics if known.key == metric]
        planned = {"target": target, "reason": "项目计划"}
        await self.post(
            (spec.target_by or spec.recorded_by)[0], f"metrics/{metric}/targets", planned
        )
        await self.post(
            spec.recorded_by[0], f"metrics/{metric}/values", {"value": value, "on": _today()}
        )

    async def approve(self, condition: str, role: str) -> None:
        body = {"role": role, "approved": True}
        await self.post(role, f"conditions/{condition}/approvals", body)

    async def judge(self, role: str) -> None:
        await self.post(role, "judgements", {"role": role, "verdict": "advance"})

    async def close(self, outcome: str, role: str) -> dict[str, Any]:
        return await self.post(role, "closings", {"outcome": outcome})


def _today() -> str:
    return datetime.now(ZoneInfo("Asia/Shanghai")).date().isoformat()


def _header(template: Template) -> dict[str, str]:
    required = [known for known in template.header if known.required]
    return {
        known.key: VALUE_OF_FORMAT.get(known.format, "滨海新区污水处理厂") for known in required
    }
