"""What the story says fits the process template, before anybody tells it."""

from datetime import date
from typing import Any

import pytest

from genjin.templates.catalog import template
from genjin.templates.form_schemas import compiled
from genjin_deploy.demo_story.content import read_content
from genjin_deploy.demo_story.story import BEATS

TODAY = date(2026, 11, 22)
TEMPLATE = template("pursuit.8", 1)
CONTENT = read_content(TODAY)
BEATS_TOLD = [beat for chapter in CONTENT.chapters for beat in chapter.beats]


def revisions() -> list[tuple[str, dict[str, Any]]]:
    told = [beat["revise"] for beat in BEATS_TOLD if "revise" in beat]
    return [(beat["form"], {**CONTENT.forms[beat["form"]][0], **beat["values"]}) for beat in told]


FILLED = [(form, dict(values)) for form, copies in CONTENT.forms.items() for values in copies]


@pytest.mark.parametrize(("form", "values"), FILLED + revisions())
def test_the_values_of_a_form_fit_its_schema(form: str, values: dict[str, Any]) -> None:
    errors = compiled(TEMPLATE.forms[form]).iter_errors(values)
    assert [f"{error.instance_path}: {error.message}" for error in errors] == []


def test_every_form_of_the_template_is_filled_in_the_story() -> None:
    told = {form for beat in BEATS_TOLD for form in beat.get("forms", ())}
    assert told == CONTENT.forms.keys() == TEMPLATE.forms.keys()


def test_only_repeatable_forms_have_more_than_one_copy() -> None:
    repeated = {form for form, copies in CONTENT.forms.items() if len(copies) > 1}
    assert repeated == {"contact_profile"}
    assert all(TEMPLATE.forms[form].repeatable for form in repeated)


def test_every_stage_is_told_and_every_beat_is_known() -> None:
    assert {chapter.stage for chapter in CONTENT.chapters} == {s.key for s in TEMPLATE.stages}
    assert [list(beat) for beat in BEATS_TOLD if len(beat) != 1] == []
    assert {kind for beat in BEATS_TOLD for kind in beat} == BEATS.keys()


def test_every_condition_that_a_person_marks_gets_its_evidence() -> None:
    for chapter in CONTENT.chapters:
        marked = [beat["conditions"] for beat in chapter.beats if "conditions" in beat]
        conditions = TEMPLATE.stage(chapter.stage).conditions()
        manual = {condition.key for condition in conditions if condition.kind == "manual"}
        assert [set(evidence) for evidence in marked] in ([manual], [])


def test_the_story_happened_before_today() -> None:
    days = [chapter.day for chapter in CONTENT.chapters]
    assert days == sorted(days)
    assert days[-1] < TODAY
