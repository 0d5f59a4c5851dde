"""The values that tests fill forms with are what the API takes."""

import pytest

from genjin.templates.catalog import shipped, shipped_hash
from genjin_api.forms.validation import form_errors
from tests.forms.values import valid_value, valid_values

FORMS = [
    (key, version, form) for (key, version), known in shipped().items() for form in known.forms
]


@pytest.mark.parametrize(("template", "version", "form"), FORMS)
def test_generated_values_fit_the_schema_of_every_shipped_form(
    template: str, version: int, form: str
) -> None:
    spec = shipped()[template, version].forms[form]
    values = valid_values(spec.json_schema)
    assert form_errors(shipped_hash(template, version), form, spec, values) == []
    assert values.keys() == spec.json_schema["properties"].keys()


def test_a_schema_that_asks_for_something_unknown_is_not_guessed_at() -> None:
    with pytest.raises(ValueError, match="no text for the pattern"):
        valid_value({"type": "string", "pattern": "^never this$"})
