"""What expressions of a template read of a project."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from genjin.forms.events import FormCompleted
from genjin.projects.events import RoleAssigned, RoleReleased, TemplateMigrated
from genjin_api.acting import Moment
from genjin_api.projects.migrating import MigrateProject
from genjin_api.projects.state import Project
from genjin_api.stages.gate.values import Values
from genjin_api.templates.impact import Impact, impact
from tests.small_template import SMALL, small_template
from tests.specification import A_PROJECT, DEPT_HEAD, MARKETER, MOMENT, given
from tests.templates.test_model import text

AGAINST, FOR = "坚决反对", "支持"


def form_of(*marked: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"attitude": {"type": "string"}, "place": {"type": "string"}}
    for field in marked:
        fields[field]["x-restricted"] = True
    schema = {"type": "object", "properties": fields}
    return {"note": {"title": text("note"), "schema": schema}}


def with_a_note(attitude: str) -> Project:
    """Saved before there was sealing."""
    fact = FormCompleted(
        form="note",
        copy_number=1,
        revision=1,
        values={"attitude": attitude, "place": "天津"},
        restricted=True,
        subjects={},
        own_subject=None,
        facts_version=None,
    )
    return given(A_PROJECT, fact).now


@pytest.mark.parametrize(
    ("time_zone", "days"), [("Asia/Shanghai", 1), ("UTC", 0), ("America/New_York", 1)]
)
def test_days_are_those_of_the_workspace_s_calendar(time_zone: str, days: int) -> None:
    """The project begins at 01:01 UTC: in New York the day before."""
    moment = Moment(datetime(2026, 3, 2, 17, tzinfo=UTC), time_zone)
    project = Values(given(A_PROJECT).now, SMALL, moment).all["project"]
    assert (project["age_days"], project["days_in_stage"]) == (days, days)


def test_what_is_restricted_is_not_read_though_it_was_never_sealed() -> None:
    template = small_template(forms=form_of("attitude"))
    [note] = Values(with_a_note(AGAINST), template, MOMENT).all["forms"]["note"]
    assert note["values"] == {"attitude": None, "place": "天津"}


def test_what_an_expression_rests_on_is_known_however_it_names_it() -> None:
    values = Values(with_a_note(AGAINST), small_template(forms=form_of()), MOMENT)
    saved = [UUID(int=with_a_note(AGAINST).version)]
    by_name = ("forms.note.size() > 0", 'forms["note"].size() > 0', "has(forms.note)")
    of_all = ("size(forms) > 0", "forms.all(key, forms[key].size() > 0)")
    assert [list(values.events_of(one)) for one in by_name + of_all] == [saved] * 5
    others = ("forms.memo.size() > 0", 'forms["memo"].size() > 0', "metrics.forms.value > 1.0")
    assert [values.events_of(one) for one in others] == [()] * 3


def test_what_is_asked_of_a_role_s_holders_rests_on_who_was_given_it_and_who_lost_it() -> None:
    """Also once two roles are one."""
    lost = RoleReleased(role="dept_head", person_id=DEPT_HEAD.person_id, reason="调岗")
    story = given(A_PROJECT, lost)
    sold, _, *others = (
        stamp.event_id for fact, stamp in story.told if isinstance(fact, RoleAssigned)
    )
    values = Values(story.now, SMALL, MOMENT)
    assert values.all["holders"]["marketer"] == [
        {"id": str(MARKETER.person_id), "name": MARKETER.name}
    ]
    released = story.told[-1][1].event_id
    for variable in ("holders", "roles"):
        assert values.events_of(f"has({variable}.marketer)") == (sold,)
        assert values.events_of(f"has({variable}.dept_head)") == (released,)
        assert set(values.events_of(f"size({variable}) > 0")) == {sold, released, *others}
    one = {"dept_head": "marketer"}
    migrated = TemplateMigrated(
        from_template=story.now.template,
        to_template=story.now.template,
        stages={},
        roles=one,
        reason="改版",
        facts_version=1,
    )
    story.tell(MARKETER, [migrated])
    assert set(Values(story.now, SMALL, MOMENT).events_of("has(holders.marketer)")) == {
        sold,
        released,
    }


def test_a_template_that_marks_something_else_does_not_find_it_out() -> None:
    pinned = small_template(forms=form_of("attitude"))
    asks = {
        "key": "asks",
        "kind": "field",
        "expr": f'forms.note.exists(one, one.values.attitude == "{AGAINST}")',
    }
    target = small_template(asks, forms=form_of("place")).model_copy(update={"version": 2})
    command = MigrateProject(reason="试算", template="small.2", template_version=2)
    told = [
        impact(with_a_note(said), pinned, target, command, MARKETER, MOMENT)
        for said in (AGAINST, FOR)
    ]
    assert isinstance(told[0], Impact)
    assert told[0] == told[1]
    assert "asks" in [blocker["subject"] for blocker in told[0].blockers]
