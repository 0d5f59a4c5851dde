"""Two projects whose visit reports hold data of the same two persons, one of them in a contact profile as well."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from tests.forms.values import valid_values
from tests.pursuit import TEMPLATE, Pursuit, done
from tests.world import World

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
    named = {"/customer_people/0": wang, "/customer_people/1": li}
    first, second = [Pursuit(world, await world.project(code)) for code in ("XM-1", "XM-2")]
    for pursuit in (first, second):
        await save(pursuit, REPORT, values=report_of(WANG_SAID, LI_SAID), subjects=named)
    await save(first, PROFILE, values=profile_of(WANG_SAID), subjects={"/preferences": wang})
    return Registered(world, first, second, wang, li)


async def save_and_erase(pursuit: Pursuit) -> str:
    """A form of which one person's data is gone and another's is there; the erased person's id."""
    gone, there = str(uuid4()), str(uuid4())
    named = {"/customer_people/0": gone, "/customer_people/1": there}
    await save(pursuit, REPORT, values=report_of(WANG_SAID, LI_SAID), subjects=named)
    path = f"/v1/subjects/{gone}/erasures"
    done(await pursuit.world.owner.post(path, {"reason": "本人要求删除"}))
    return gone
