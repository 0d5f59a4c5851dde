"""The README says what is true of the settings."""

import re
from pathlib import Path

from genjin.settings import ApiSettings, NotifierSettings

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SETTINGS = sorted({*ApiSettings.model_fields, *NotifierSettings.model_fields})


def test_the_settings_table_has_every_setting_and_none_that_does_not_exist() -> None:
    table = README.partition("## Settings")[2].partition("`make run` knows")[0]
    named = {name.lower() for name in re.findall(r"`GENJIN_([A-Z0-9_]+)`", table)}
    assert named == set(SETTINGS)
