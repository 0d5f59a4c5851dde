"""Drives a project of the template pursuit.8 over HTTP: brings the stage where it stands to an open gate, and on.

pursuit = Pursuit(world, await world.project())
await pursuit.open_gate()
await pursuit.advance()
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from genjin.templates.catalog import latest
from genjin.templates.model import Stage, Template
from tests.forms.values import valid_values
from tests.world import World

TEMPLATE: Template = latest("pursuit.8")
STAGES = tuple(stage.key for stage in TEMPLATE.stages)


def done(answer: httpx.Response) -> httpx.Response:
    """The answer of a write that had to succeed."""
    assert answer.is_success, f"{answer.request.method} {answer.request.url.path}: {answer.text}"
    return answer


@dataclass(frozen=True, slots=True)
class Pursuit:
    """A project by its path, and the people who hold its four roles."""

    world: World
    path: str

    async def card(self) -> dict[str, Any]:
        card: dict[str, Any] = done(await self.world.marketer.get(self.path)).json()
        return card

    async def gate(self) -> dict[str, Any]:
        gate: dict[str, Any] = done(await self.world.marketer.get(f"{self.path}/gate")).json()
        return gate

    async def items(self, name: str, **query: Any) -> list[dict[str, Any]]:
        """A list of the project: stages, judgements, forms, events and so on."""
        answer = done(await self.world.marketer.get(f"{self.path}/{name}", **query))
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    async def post(self, name: str, body: dict[str, Any], by: str = "marketer") -> dict[str, Any]:
        """A record of the project made by one of the world's people, which succeeds; the answer's body."""
        answer = await getattr(self.world, by).post(f"{self.path}/{name}", body)
        made: dict[str, Any] = done(answer).json()
        return made

    async def stage(self) -> Stage:
        return TEMPLATE.stage((await self.card())["stage"])

    async def advance(self) -> httpx.Response:
        return done(await self.world.marketer.post(f"{self.path}/stage-advances"))

    async def advance_to(self, stage: str) -> None:
        """Through every gate before a stage, which comes after this one."""
        while (await self.card())["stage"] != stage:
            await self.open_gate()
            await self.advance()

    async def open_gate(self) -> None:
        async for _ in self.opening():
            pass

    async def opening(self) -> AsyncIterator[httpx.Response]:
        """Everything that the current stage asks for, in order; each write's answer as it comes."""
        stage = await self.stage()
        for form in stage.forms:
            async for answer in self.completing(form):
                yield answer
        async for answer in self.marking(stage):
            yield answer
        yield await self.record_actual(
            f"{stage.title.zh}：已按成功标准完成，客户同意进入下一环节。"
        )
        async for answer in self.judging():
            yield answer

    async def completing(self, form: str) -> AsyncIterator[httpx.Response]:
        """The form filled with valid values and signed by all who must sign it."""
        spec = TEMPLATE.forms[form]
        body = {"values": valid_values(spec.json_schema), "complete": True}
        path = f"{self.path}/forms/{form}"
        answer = done(await self.world.marketer.put(path, body))
        yield answer
        revision = answer.json()["form"]["revision"]
        for role in spec.signed_by:
            signature = {"role": role, "revision": revision}
            yield done(await self.world.judge(role).post(f"{path}/signatures", signature))

    async def marking(self, stage: Stage) -> AsyncIterator[httpx.Response]:
        """Every condition that a person marks, met, with evidence."""
        for condition in stage.conditions():
            if condition.kind == "manual":
                yield await self.mark(condition.key)

    async def mark(self, condition: str, *, met: bool = True) -> httpx.Response:
        body = {"met": met, "evidence": "见会议纪要第三条"}
        return done(await self.world.marketer.put(f"{self.path}/conditions/{condition}", body))

    async def record_actual(self, text: str) -> httpx.Response:
        return done(await self.world.marketer.post(f"{self.path}/actuals", {"text": text}))

    async def judging(self) -> AsyncIterator[httpx.Response]:
        """Each of the four says: advance."""
        for role in TEMPLATE.judgement_of((await self.card())["stage"]).roles:
            yield await self.judge(role)

    async def judge(self, role: str, verdict: str = "advance", comment: str = "") -> httpx.Response:
        body = {"role": role, "verdict": verdict, "comment": comment}
        return done(await self.world.judge(role).post(f"{self.path}/judgements", body))
