"""The values that tests fill forms with are what the API takes."""

import pytest

from genjin.templates.catalog import shipped, shipped_hash
from genjin_api.forms.validation import Checked, blocking
from tests.forms.values import valid_value, valid_values


@pytest.mark.parametrize(("template", "version"), shipped())
def test_generated_values_fit_the_schema_of_every_form(template: str, version: int) -> None:
    body_hash = shipped_hash(template, version)
    for form, spec in shipped()[template, version].forms.items():
        values = valid_values(spec.json_schema)
        assert blocking(Checked(body_hash, form, spec, values, {}), "zh") == [], form
        assert values.keys() == spec.json_schema["properties"].keys(), form


def test_a_schema_that_asks_for_something_unknown_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="no text for the pattern"):
        valid_value({"type": "string", "pattern": "^never this$"})
