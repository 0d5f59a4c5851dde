"""The characteristic rules of progress.regulation, in its own words."""

import pytest

from genjin.templates.catalog import template
from tests.templates.expressed import copy_of_form, is_met

REGULATION = template("progress.regulation", 1)


def test_every_member_reports_every_working_day() -> None:
    [daily] = [cadence for cadence in REGULATION.cadences if cadence.key == "daily_report"]
    assert (daily.every, daily.count, daily.by) == ("working_day", 1, ("member",))
    assert daily.each
    assert REGULATION.forms["daily_report"].repeatable


def test_no_member_s_report_is_another_s() -> None:
    def with_reports(*authors: str, state: str = "complete") -> bool:
        members = [{"id": "p1", "name": "张伟"}, {"id": "p2", "name": "王芳"}]
        reports = [copy_of_form({}, author=author, state=state) for author in authors]
        return is_met(
            REGULATION,
            "implementation",
            "daily_report_c1",
            forms={"daily_report": reports},
            holders={"member": members},
        )

    assert with_reports("p1", "p2")
    assert not with_reports("p1", "p1", "p3")
    assert not with_reports("p1", "p2", state="draft")


def test_meetings_and_reports_to_the_management_are_regular() -> None:
    by_the_manager = [one.form for one in REGULATION.cadences if one.by == ("pm",)]
    assert by_the_manager == ["tracking_meeting", "progress_report"]


def test_the_daily_report_tells_the_work_of_the_day_and_how_far_it_got() -> None:
    schema = REGULATION.forms["daily_report"].json_schema
    titles = [schema["properties"][name]["title"] for name in ("work", "completion")]
    assert titles == ["当天的工作内容", "完成情况"]
    assert {"work", "completion"} <= set(schema["required"])


@pytest.mark.parametrize(("ends_on", "met"), [("2026-03-31", True), ("2026-02-28", False)])
def test_a_node_before_the_start_of_its_task_is_not_reasonable(ends_on: str, met: bool) -> None:
    task = {"starts_on": "2026-03-01", "ends_on": ends_on}
    forms = {"schedule": [copy_of_form({"tasks": [task]})]}
    assert is_met(REGULATION, "scheduling", "schedule_c2", forms=forms) is met


def test_the_newest_minutes_tell_whether_the_deviations_are_settled() -> None:
    def with_meetings(*statuses: str) -> bool:
        meetings = [copy_of_form({"deviations": [{"status": status}]}) for status in statuses]
        return is_met(
            REGULATION, "implementation", "meeting_c2", forms={"tracking_meeting": meetings}
        )

    assert with_meetings("open", "settled")
    assert not with_meetings("settled", "open")
    assert not with_meetings()


def test_its_four_methods_are_in_it() -> None:
    titles = {part.title.zh for stage in REGULATION.stages for part in stage.parts}
    assert {"甘特图", "里程碑法", "每日汇报"} <= titles
    assert "定期会议" in {cadence.title.zh for cadence in REGULATION.cadences}


def test_its_four_principles_are_parts_of_their_own() -> None:
    titles = [part.title.zh for stage in REGULATION.stages for part in stage.parts]
    principles = ["明确责任", "及时沟通", "准确记录", "实时监控"]
    assert [title for title in titles if title in principles] == principles


def test_the_members_draw_the_lessons_after_the_end() -> None:
    summary = REGULATION.stages[-1]
    assert (summary.key, summary.actual_by) == ("summary", ("member",))
    assert REGULATION.forms["project_summary"].signed_by == ("member",)
