"""Reports on stages over HTTP: who went on from them, how long it took, which gates were overridden."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response
from pydantic import BaseModel

from genjin.templates.words import Text
from genjin.working_days import working_days
from genjin_api.http.documents import reads
from genjin_api.http.reading_body import JsonRoute
from genjin_api.reports.conversion import Cohort, conversion, fates
from genjin_api.reports.overrides import overrides, passed_gates
from genjin_api.reports.question import LIMIT, Limit, PeriodQuestion, first_of
from genjin_api.reports.stage_durations import calendar_of, durations, shown_durations, stage_key

router = APIRouter(prefix="/v1/reports", tags=["reports"], route_class=JsonRoute)


class OfStage(BaseModel):
    """A stage of a template version; title null: the version has no such stage."""

    template: str
    version: int
    stage: str
    title: Text | None


class StageConversion(OfStage):
    """Of the projects that entered the stage for the first time in the period (or month), or that were created then:
    how many went on through its gate in any of their visits; of the others, what their last visit came to: returned to
    an earlier stage, ended (the project was closed there), migrated (the stage goes by another name now), still there.
    A project counts once in each stage.

    conversion: went_on divided by entered. conversion_of_decided: divided by those that went on, returned or ended.
    Ratios have four places, rounded half to even; null: nothing to divide by. few: fewer than five entered.
    """

    month: str | None
    entered: int
    still_there: int
    returned: int
    ended: int
    migrated: int
    went_on: int
    conversion: str | None
    conversion_of_decided: str | None
    few: bool


class ConversionDocument(BaseModel):
    stages: list[StageConversion]
    stages_left_out: int


@router.get(
    "/stage-conversion",
    summary="Of the projects that entered a stage, how many went on, returned, ended, are still there",
    **reads(ConversionDocument, "point_in_future"),
)
async def get_stage_conversion(
    question: PeriodQuestion,
    cohort: Annotated[
        Cohort,
        Query(description="what the period is about: the entry into the stage, or the creation"),
    ] = "entry",
    by_month: Annotated[bool, Query(description="each month of the period apart")] = False,
    limit: Limit = LIMIT,
) -> Response:
    found = await fates(
        question.services.database,
        question.caller.workspace_id,
        question.asked,
        cohort,
        question.moment.time_zone,
        by_month=by_month,
    )
    stages = await question.stages((one.key.template, one.key.version) for one in found)
    return question.answer(first_of("stages", conversion(found, stages), limit))


class Days(BaseModel):
    """The smallest number of days that half of the projects, and nine in ten, do not exceed."""

    median: int
    p90: int


class DurationsLeftOut(BaseModel):
    """Projects without a known duration: in the stage still; or left it before they entered it, by what was said."""

    still_there: int
    out_of_order: int


class StageDurationReport(OfStage):
    """Of the projects that first entered the stage in the period and have left it. The visits of a project add up; days
    count after the day of the entry up to the day of the leaving, without those that were suspended. few: fewer than
    five projects.
    """

    projects: int
    visits: int
    calendar_days: Days | None
    working_days: Days | None
    few: bool
    left_out: DurationsLeftOut


class StageDurationsDocument(BaseModel):
    """calendar: the country whose working days these are. calendar_known: they are certain for all years that the
    workspace's projects touch.
    """

    calendar: str
    calendar_known: bool
    stages: list[StageDurationReport]
    stages_left_out: int


@router.get(
    "/stage-durations",
    summary="How long projects were in a stage: medians and ninetieth percentiles",
    **reads(StageDurationsDocument, "point_in_future"),
)
async def get_stage_durations(question: PeriodQuestion, limit: Limit = LIMIT) -> Response:
    services, workspace_id = question.services, question.caller.workspace_id
    moment = question.moment
    days = working_days(services.settings.calendar)
    calendar = await calendar_of(
        services.database, workspace_id, moment.now, moment.time_zone, days
    )
    rows = await durations(services.database, workspace_id, question.asked, calendar, moment.now)
    keys = [stage_key(row) for row in rows]
    stages = await question.stages((key.template, key.version) for key in keys)
    document = {
        "calendar": days.country,
        "calendar_known": calendar.known,
        **first_of("stages", shown_durations(rows, stages), limit),
    }
    return question.answer(document)


class OverrideCounts(BaseModel):
    """override_rate: overridden divided by gates_passed, which are advances and ends that needed a gate. few: fewer
    than five gates.
    """

    gates_passed: int
    overridden: int
    override_rate: str | None
    few: bool


class RoleOverrides(BaseModel):
    role: str
    title: Text | None
    overridden: int
    override_rate: str | None


class StageOverrides(OfStage, OverrideCounts):
    """roles: who overrode. Their rates have the same divisor and add up to the stage's."""

    roles: list[RoleOverrides]


class OverridesDocument(BaseModel):
    total: OverrideCounts
    stages: list[StageOverrides]
    stages_left_out: int


@router.get(
    "/overrides",
    summary="How many of the gates passed in a period were overridden, by stage and role",
    **reads(OverridesDocument, "point_in_future"),
)
async def get_overrides(question: PeriodQuestion, limit: Limit = LIMIT) -> Response:
    found = await passed_gates(
        question.services.database, question.caller.workspace_id, question.asked
    )
    stages = await question.stages((one.key.template, one.key.version) for one in found)
    document = overrides(found, stages)
    return question.answer(document | first_of("stages", document["stages"], limit))
