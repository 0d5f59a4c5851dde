"""Who is waiting for whom, over HTTP: in the whole portfolio, or for one person."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.words import Text
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.people.projection import names_of
from genjin_api.reports.question import StandingQuestion
from genjin_api.reports.waiting import who_is_waited_for
from genjin_api.reports.waiting_patterns import Waiting

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=JsonRoute)


class WaitCounts(BaseModel):
    """overdue: follow-ups past their day, and what waits in stages for longer than their template's max_days,
    days of suspension taken off.
    """

    total: int
    overdue: int
    judgements: int
    approvals: int
    forms: int
    signatures: int


class RoleWaits(WaitCounts):
    """What waits for a role, once however many hold it. unfilled: of these, in how many nobody holds it."""

    template: str
    role: str
    title: Text | None
    unfilled: int


class PersonWaits(WaitCounts):
    person_id: UUID
    person_name: str
    follow_ups: int


class WaitingPerson(BaseModel):
    person_id: UUID
    person_name: str


class WaitItem(BaseModel):
    """kind: judgement, approval, form, signature or follow_up. subject: the stage, the condition, the form, or the
    follow-up's id. people: who holds the role, or owns the follow-up; nobody: the role is unfilled.
    """

    project_id: UUID
    code: str
    template: str
    stage: str
    kind: str
    subject: str
    title: Text | None
    role: str
    people: list[WaitingPerson]
    waiting_since: datetime | None
    due_on: date | None
    overdue: bool


class WaitingLeftOut(BaseModel):
    """Projects of which nothing but follow-ups is counted: suspended ones; and the rarest, where the projects are too
    various to be worked out at once, a project counting twice where both its judgements and the rest are: narrow the
    question then.
    """

    suspended: int
    too_various: int


class WaitingDocument(BaseModel):
    """What gates of open projects wait for: judgements that are missing or stale, in the order of a sequence;
    approvals; forms, for those who record the stage's actual situation; signatures; and open follow-ups. Where one of
    several roles is enough each is waited for. items: the most urgent, overdue ones first. People have the names that
    they have now, in a report of the past too.
    """

    roles: list[RoleWaits]
    roles_left_out: int
    people: list[PersonWaits]
    people_left_out: int
    items: list[WaitItem]
    left_out: WaitingLeftOut


@router.get(
    "/waiting",
    summary="Who is waiting for whom: judgements, approvals, forms, signatures, follow-ups",
    **reads(WaitingDocument, "point_in_future"),
)
async def get_waiting(
    question: StandingQuestion,
    person_id: Annotated[UUID | None, Query(description="only what waits for this person")] = None,
    mine: Annotated[bool, Query(description="only what waits for the caller")] = False,
    limit: Annotated[
        int, Query(ge=1, le=200, description="of roles, of people, and of items")
    ] = 50,
) -> Response:
    services, caller, moment = question.services, question.caller, question.moment
    waiting = Waiting(
        caller.workspace_id,
        question.asked,
        caller.person_id if mine else person_id,
        moment.today,
        moment.time_zone,
    )
    document = await who_is_waited_for(services.database, services.library, waiting, limit)
    told = {one["person_id"] for one in document["people"]}
    told |= {person for item in document["items"] for person in item["people"]}
    names = await names_of(services.database, caller.workspace_id, told)
    for person in document["people"]:
        person["person_name"] = names.get(person["person_id"], "")
    for item in document["items"]:
        item["people"] = [
            {"person_id": one, "person_name": names.get(one, "")} for one in item["people"]
        ]
    return question.answer(document)
