"""The JSON Schemas of attached forms, compiled. Needs jsonschema-rs, which the API has."""

from collections.abc import Iterator

from jsonschema_rs import Draft202012Validator, RegexOptions, ValidationError

from genjin.templates.mistakes import Mistake
from genjin.templates.model import FormSpec, Template

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def compiled(form: FormSpec) -> Draft202012Validator:
    """The form's validator, compiled anew on each call: keep it.

    A schema comes from a workspace, so it fetches nothing over the network or from a file, and its
    patterns run in linear time. ValidationError when it is not a valid schema within these bounds.
    """
    return Draft202012Validator(
        form.json_schema, offline=True, validate_formats=True, pattern_options=RegexOptions()
    )


def mistakes(template: Template) -> Iterator[Mistake]:
    """The forms whose schema cannot be used. To ask before publishing."""
    for key, form in template.forms.items():
        place = ("forms", key, "schema")
        dialect = form.json_schema.get("$schema", DIALECT)
        if dialect != DIALECT:
            yield Mistake((*place, "$schema"), f"is '{dialect}', must be {DIALECT}")
            continue
        try:
            compiled(form)
        except ValidationError as error:
            yield Mistake((*place, *error.instance_path), error.message)
