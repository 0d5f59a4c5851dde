"""Refusals of the registers that accompany a project: milestones, audit findings."""

from genjin_api.milestones.decider import OWN_MAX
from tests.control import MILESTONE, new_milestone
from tests.pursuit import Pursuit
from tests.refusals.asking import Ask, Provocation, asked
from tests.small_registers import FINDING, new_finding, small_project

DELIVERY = {"key": "delivery", "due_on": "2026-09-01"}
MEASURES = {"measures": "已补测并由监理签字"}
REASON = {"reason": "现场复核属实"}


async def _reaching_what_was_dropped(pursuit: Pursuit) -> Ask:
    milestone = await new_milestone(pursuit)
    await pursuit.post(f"{milestone}/cancellations", {"reason": "改为整机采购"})
    body = {"reached_on": "2026-03-19", "evidence": "测试报告"}
    return asked(pursuit, f"{milestone}/attainments", body)


async def _one_milestone_too_many(pursuit: Pursuit) -> Ask:
    for _ in range(OWN_MAX):
        await pursuit.post("milestones", MILESTONE)
    return asked(pursuit, "milestones", MILESTONE)


async def _setting_a_milestone_of_the_template_twice(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    await small.post("milestones", DELIVERY)
    return asked(small, "milestones", DELIVERY)


async def _dropping_a_milestone_of_the_template(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    made = await small.post("milestones", DELIVERY)
    path = f"milestones/{made['milestone']['id']}/cancellations"
    return asked(small, path, {"reason": "改为整机采购"})


async def _finding_in_a_process_without_them(pursuit: Pursuit) -> Ask:
    return asked(pursuit, "findings", FINDING, by="dept_head")


async def _closing_what_nobody_corrected(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    return asked(small, f"{await new_finding(small)}/closures", REASON, by="dept_head")


async def _correcting_twice(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    finding = await new_finding(small)
    await small.post(f"{finding}/corrections", MEASURES)
    return asked(small, f"{finding}/corrections", MEASURES)


async def _checking_a_correction_of_ones_own(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    finding = await new_finding(small)
    await small.post(f"{finding}/corrections", MEASURES, "sales_manager")
    return asked(small, f"{finding}/closures", REASON, by="sales_manager")


async def _correcting_what_is_closed(pursuit: Pursuit) -> Ask:
    small = await small_project(pursuit.world)
    finding = await new_finding(small)
    await small.post(f"{finding}/corrections", MEASURES)
    await small.post(f"{finding}/closures", REASON, "dept_head")
    return asked(small, f"{finding}/corrections", MEASURES)


PROVOCATIONS = {
    "milestone_not_open": Provocation(409, _reaching_what_was_dropped),
    "milestone_already_set": Provocation(409, _setting_a_milestone_of_the_template_twice),
    "milestone_of_template": Provocation(409, _dropping_a_milestone_of_the_template),
    "limit_reached": Provocation(409, _one_milestone_too_many),
    "findings_not_kept": Provocation(409, _finding_in_a_process_without_them),
    "finding_not_corrected": Provocation(409, _closing_what_nobody_corrected),
    "finding_already_corrected": Provocation(409, _correcting_twice),
    "finding_closed": Provocation(409, _correcting_what_is_closed),
    "own_correction": Provocation(403, _checking_a_correction_of_ones_own),
}
