"""Reports on outcomes and judges over HTTP: the win rate, disagreement between roles, verdicts beside outcomes."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.people.projection import names_of
from genjin_api.reports.calibration import calibration, first_words
from genjin_api.reports.disagreement import disagreement, spoken
from genjin_api.reports.question import LIMIT, Limit, PeriodQuestion, first_of
from genjin_api.reports.win_rate import ended_projects, win_rate

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=JsonRoute)


class EndedLeftOut(BaseModel):
    """Projects that were won or lost without an amount: they are not in the rate by value."""

    without_amount: int


class EndedWorth(BaseModel):
    """Of one currency; null: the projects name none. win_rate_by_value: won_amount divided by both amounts."""

    currency: str | None
    won_amount: str
    lost_amount: str
    win_rate_by_value: str | None
    left_out: EndedLeftOut


class WinCounts(BaseModel):
    """win_rate: won divided by won and lost. neither: ended in an outcome that counts as none of them. few: fewer than
    five were won or lost. Ratios have four places, rounded half to even; null: nothing to divide by.
    """

    won: int
    lost: int
    neither: int
    win_rate: str | None
    few: bool
    worth: list[EndedWorth]


class TemplateWins(WinCounts):
    template: str


class WinRateDocument(BaseModel):
    """Projects whose newest end is in the period, and that were not opened again since. Running ones do not count."""

    total: WinCounts
    templates: list[TemplateWins]
    templates_left_out: int


@router.get(
    "/win-rate",
    summary="How many of the projects that ended in a period were won, by count and by value",
    **reads(WinRateDocument, "point_in_future"),
)
async def get_win_rate(question: PeriodQuestion, limit: Limit = LIMIT) -> Response:
    ended = await ended_projects(
        question.services.database, question.caller.workspace_id, question.asked
    )
    stages = await question.stages((one.template_key, one.template_version) for one in ended)
    document = win_rate(ended, stages.versions)
    return question.answer(document | first_of("templates", document["templates"], limit))


class RolePair(BaseModel):
    """judged_by_both: how often one role judged facts for the first time that the other had judged. disagreement: the
    share of these in which one of them said advance and the other did not. few: fewer than five.
    """

    template: str
    roles: tuple[str, str]
    judged_by_both: int
    first_alone_advanced: int
    second_alone_advanced: int
    disagreement: str | None
    few: bool


class DisagreementDocument(BaseModel):
    pairs: list[RolePair]
    pairs_left_out: int


@router.get(
    "/disagreement",
    summary="How often two roles that judged the same facts did not agree",
    **reads(DisagreementDocument, "point_in_future"),
)
async def get_disagreement(question: PeriodQuestion, limit: Limit = LIMIT) -> Response:
    found = await spoken(question.services.database, question.caller.workspace_id, question.asked)
    return question.answer(first_of("pairs", disagreement(found), limit))


class Share(BaseModel):
    """judgements: those on projects that were won or lost. share: of these, the ones that proved right. low, high: its
    95 % interval (Wilson), which tells how much so many cases can say. few: fewer than five.
    """

    judgements: int
    share: str | None
    low: str | None
    high: str | None
    few: bool


class AdvanceShare(Share):
    """Proved right: the project was won."""

    won: int


class AgainstShare(Share):
    """hold, return or reject. Proved right: the project was lost."""

    lost: int


class JudgementsLeftOut(BaseModel):
    """Judgements on projects that go on, or that ended in an outcome that is neither won nor lost."""

    open: int
    neither: int


class Calibration(BaseModel):
    advance: AdvanceShare
    against: AgainstShare
    left_out: JudgementsLeftOut


class JudgeCalibration(Calibration):
    role: str
    person_id: UUID
    person_name: str


class CalibrationDocument(BaseModel):
    """The first word of each role in each visit, said in the period. everybody: all judges together, to compare with.
    judges: those with the most judgements, with the names that they have now, in a report of the past too;
    judges_left_out: how many more there are.
    """

    everybody: Calibration
    judges: list[JudgeCalibration]
    judges_left_out: int


@router.get(
    "/calibration",
    summary="How each judge's verdicts compare with what became of the projects",
    **reads(CalibrationDocument, "point_in_future"),
)
async def get_calibration(
    question: PeriodQuestion, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    database, workspace_id = question.services.database, question.caller.workspace_id
    found = await first_words(database, workspace_id, question.asked)
    stages = await question.stages(one.ended_as[:2] for one in found if one.ended_as)
    document = calibration(found, stages.versions, limit)
    names = await names_of(
        database, workspace_id, {judge["person_id"] for judge in document["judges"]}
    )
    for judge in document["judges"]:
        judge["person_name"] = names.get(judge["person_id"], "")
    return question.answer(document)
