"""Every reason for which the domain says no, provoked over HTTP: its status, its problem, and nothing written."""

import re
from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx
import pytest

from genjin_api.http.problems import PROBLEMS
from genjin_api.refusal import RefusalCode
from tests.api_process import ApiProcess
from tests.pursuit import done
from tests.refusals import (
    of_control,
    of_documents,
    of_engagements,
    of_projects,
    of_registers,
    of_stages,
    of_stakeholders,
    of_templates,
)
from tests.refusals.asking import Ask, Provocation, new_pursuit
from tests.world import World, make_world

PROVOCATIONS: dict[str, Provocation] = {
    **of_projects.PROVOCATIONS,
    **of_stages.PROVOCATIONS,
    **of_control.PROVOCATIONS,
    **of_registers.PROVOCATIONS,
    **of_documents.PROVOCATIONS,
    **of_engagements.PROVOCATIONS,
    **of_stakeholders.PROVOCATIONS,
    **of_templates.PROVOCATIONS,
}
# A refused advance is a fact: it shows where a process hurts.
RECORDED = dict.fromkeys(("gate_closed", "exit_closed"), "stage.advance_refused")


@pytest.fixture(scope="module")
async def shared_world(api: ApiProcess) -> AsyncIterator[World]:
    """One workspace for all refusals, each on a project of its own."""
    async with make_world(api) as made:
        yield made


@pytest.fixture(scope="module")
async def documented(api: ApiProcess) -> dict[str, Any]:
    """OpenAPI's operations by path."""
    async with httpx.AsyncClient(base_url=api.url, trust_env=False, timeout=30) as client:
        paths: dict[str, Any] = done(await client.get("/openapi.json")).json()["paths"]
        return paths


def test_every_refusal_code_is_provoked() -> None:
    assert set(PROVOCATIONS) == set(get_args(RefusalCode))


@pytest.mark.parametrize("code", PROVOCATIONS)
async def test_a_refusal_has_its_documented_problem_and_writes_nothing(
    shared_world: World, documented: dict[str, Any], code: str
) -> None:
    provocation = PROVOCATIONS[code]
    ask = await provocation.bring(await new_pursuit(shared_world))
    before = await _newest_event(shared_world)
    answer = await ask.send()
    after = await _newest_event(shared_world)

    assert (answer.status_code, answer.json().get("code")) == (provocation.status, code)
    _is_a_problem(answer, code, provocation)
    assert _documents(documented, ask, answer, code)
    if code in RECORDED:
        assert (after["type"], after["position"]) == (RECORDED[code], before["position"] + 1)
        assert answer.json()["events"] == [after]
    else:
        assert after == before
        assert "events" not in answer.json()


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_problems_title_comes_in_the_readers_language(
    shared_world: World, language: str
) -> None:
    ask = await PROVOCATIONS["project_not_suspended"].bring(await new_pursuit(shared_world))
    headers = {"Accept-Language": f"{language}-CN,fr;q=0.5"}
    answer = await ask.person.client.post(ask.path, json=ask.body, headers=headers)
    titles = {"en": "The project is not suspended", "zh": "项目未暂停"}
    assert answer.json()["title"] == titles[language]


async def _newest_event(world: World) -> dict[str, Any]:
    """The last event of the whole workspace, but for the records of such looks."""
    page = done(await world.owner.get("/v1/events", phrase="-type:audit.*", order="desc", limit=1))
    event: dict[str, Any] = page.json()["items"][0]
    return event


def _is_a_problem(answer: httpx.Response, code: str, provocation: Provocation) -> None:
    body = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["type"] == f"urn:genjin:problem:{code}"
    assert body["status"] == answer.status_code
    assert body["title"] == PROBLEMS[code][1]  # type: ignore[index]
    assert body["detail"]
    assert body["request_id"] == answer.headers["request-id"]
    if provocation.pointer is None:
        assert "errors" not in body
    else:
        assert [error["pointer"] for error in body["errors"]] == [provocation.pointer]
        assert all(error["detail"] and error["code"] for error in body["errors"])
    if code == "gate_closed":
        assert {"code": "actual_missing", "subject": "initiation", "value": 0} in body["blockers"]
    elif code == "exit_closed":
        assert [(one["code"], one["subject"]) for one in body["blockers"]] == [(code, "big")]
    elif code != "blocker_not_waivable":
        assert "blockers" not in body


def _documents(paths: dict[str, Any], ask: Ask, answer: httpx.Response, code: str) -> bool:
    """Whether OpenAPI says that this operation may be refused with this code."""
    for template, operations in paths.items():
        if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), ask.path):
            response = operations[ask.method.lower()]["responses"][str(answer.status_code)]
            return code in response["content"]["application/problem+json"]["examples"]
    return False
