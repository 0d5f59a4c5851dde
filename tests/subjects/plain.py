"""Forms as releases wrote them that sealed nothing: in the log, in the read models, in a kept answer."""

from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID

from genjin.canonical import plain_json
from genjin.catalog import decode
from genjin.event import Actor, Fact, RecordedEvent, Stamp, stream_of
from genjin.identifiers import new_id
from genjin.log.append import Append, Appended, IdempotentAnswer, NewEvent, append
from genjin_api.app import open_services
from genjin_api.field_changes import field_changes
from genjin_api.http.context import Services
from genjin_api.projects.projection import PROJECT
from genjin_api.projects.state import Project
from tests.pursuit import Pursuit
from tests.subjects.registered import LI_SAID, REPORT, WANG_SAID, report_of
from tests.world import World, api_settings


class PlainForm(Fact):
    """form.completed as it was then."""

    type: ClassVar[str] = "form.completed"
    schema_version: ClassVar[int] = 1
    form: str
    copy_number: int
    revision: int
    values: dict[str, Any]
    restricted: bool
    facts_version: int | None


async def written_before_the_sealing(world: World, code: str = "XM-001") -> Pursuit:
    """A project with a visit report in the clear in its log."""
    pursuit = Pursuit(world, await world.project(code))
    await save_plain(pursuit, report_of(WANG_SAID, LI_SAID))
    return pursuit


async def save_plain(
    pursuit: Pursuit, values: dict[str, Any], answer: IdempotentAnswer | None = None
) -> RecordedEvent:
    world = pursuit.world
    fact = PlainForm(
        form=REPORT, copy_number=1, revision=1, values=values, restricted=True, facts_version=None
    )
    async with open_services(api_settings(world.api.database)) as services:
        command = await _command(services, pursuit, fact, answer)
        [result] = await append(services.database, UUID(world.workspace_id), [command])
    assert isinstance(result, Appended)
    return result.events[0]


async def _command(
    services: Services, pursuit: Pursuit, fact: PlainForm, answer: IdempotentAnswer | None
) -> Append:
    world, project_id = pursuit.world, UUID(pursuit.path.rpartition("/")[2])
    before: Project | None = await services.states.load(
        PROJECT, UUID(world.workspace_id), project_id
    )
    assert before is not None
    actor = Actor("person", UUID(world.marketer.id), world.marketer.name, "marketer")
    stamp = Stamp(new_id(), project_id, before.version + 1, datetime.now(UTC), actor)
    after = PROJECT.evolve(before, decode(fact.type, 1, fact.model_dump()), stamp)
    return Append(
        stream_of("project", project_id),
        before.version,
        actor,
        "request-plain",
        "correlation-plain",
        [NewEvent(stamp.event_id, fact, stamp.occurred_at, field_changes(before, after))],
        rows=PROJECT.rows(before, after) | PROJECT.past_rows(before, after),
        answer=answer,
    )


def kept_answer(key: str, fingerprint: bytes, values: dict[str, Any]) -> IdempotentAnswer:
    """What the request that saved it was answered with: a form had neither subjects nor one of its own then."""
    form = {
        **{"form": REPORT, "copy_number": 1, "revision": 1, "state": "complete", "values": values},
        **{"restricted": True, "signatures": {}},
    }
    return IdempotentAnswer(key, fingerprint, 200, None, plain_json({"form": form}).decode())
