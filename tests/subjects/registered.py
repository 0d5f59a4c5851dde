"""Two projects whose visit reports hold data of the same two persons, one of them in a contact profile as well."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from genjin.identifiers import new_id
from genjin_api.acting import Caller
from genjin_api.action import Request
from genjin_api.app import open_services
from genjin_api.http.context import Services
from genjin_api.subjects.decider import EraseSubject
from genjin_api.subjects.erasing import erase_subject
from tests.forms.values import valid_values
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.world import World, api_settings

REPORT, PROFILE = "visit_report", "contact_profile"
# Texts that stand nowhere else in the world.
WANG_SAID, LI_SAID = "汪若愚只信得过老供应商", "黎望舒反对换型号"


def report_of(*said: str) -> dict[str, Any]:
    values = valid_values(TEMPLATE.forms[REPORT].json_schema)
    [person, *_] = values["customer_people"]
    return {**values, "customer_people": [{**person, "name": one} for one in said]}


def profile_of(said: str) -> dict[str, Any]:
    return {**valid_values(TEMPLATE.forms[PROFILE].json_schema), "preferences": said}


@dataclass(frozen=True, slots=True)
class Registered:
    world: World
    first: Pursuit
    second: Pursuit
    wang: str
    li: str

    async def report(self, pursuit: Pursuit) -> dict[str, Any]:
        [report] = await pursuit.items(f"forms/{REPORT}")
        return report

    async def erase(self, subject: str, **headers: str) -> dict[str, Any]:
        body = {"reason": "本人要求删除（申请单 118）"}
        answer = await self.world.owner.post(f"/v1/subjects/{subject}/erasures", body, **headers)
        erased: dict[str, Any] = done(answer).json()
        return erased


async def save(pursuit: Pursuit, form: str, **body: Any) -> dict[str, Any]:
    answer = await pursuit.world.marketer.put(
        f"{pursuit.path}/forms/{form}", {"complete": True, **body}
    )
    saved: dict[str, Any] = done(answer).json()
    return saved


async def register(world: World) -> Registered:
    wang, li = str(uuid4()), str(uuid4())
    named = {wang: ["/customer_people/0"], li: ["/customer_people/1"]}
    first, second = [Pursuit(world, await world.project(code)) for code in ("XM-1", "XM-2")]
    for pursuit in (first, second):
        await save(pursuit, REPORT, values=report_of(WANG_SAID, LI_SAID), subjects=named)
    await save(first, PROFILE, values=profile_of(WANG_SAID), subjects={wang: ["/preferences"]})
    return Registered(world, first, second, wang, li)


async def save_and_erase(pursuit: Pursuit) -> str:
    """A form of which one person's data is gone and another's is there; the erased person's id."""
    gone, there = str(uuid4()), str(uuid4())
    named = {gone: ["/customer_people/0"], there: ["/customer_people/1"]}
    await save(pursuit, REPORT, values=report_of(WANG_SAID, LI_SAID), subjects=named)
    path = f"/v1/subjects/{gone}/erasures"
    done(await pursuit.world.owner.post(path, {"reason": "本人要求删除"}))
    return gone


async def erase_somebody(world: World) -> None:
    """A person of whom there is nothing but a key."""
    owner = UUID(world.owner.id)
    caller = Caller(UUID(world.workspace_id), owner, world.owner.name, "owner", "Asia/Shanghai")
    async with open_services(api_settings(world.api.database)) as services:
        await erase_with(services, caller)


async def erase_with(services: Services, caller: Caller) -> None:
    subject_id = new_id()
    await services.subject_keys.obtain(caller.workspace_id, [str(subject_id)])
    request, command = Request.without_http(caller), EraseSubject(reason="本人要求删除")
    await erase_subject(services, request, subject_id, command, lambda _subject: {})
