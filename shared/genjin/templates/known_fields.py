"""Header fields that mean the same in every template: reports count by them, so they have one format everywhere."""

from collections.abc import Iterator, Mapping

from genjin.templates.mistakes.mistake import Mistake
from genjin.templates.model import Template

EXPECTED_AMOUNT = "expected_amount"
FORMATS: Mapping[str, str] = {EXPECTED_AMOUNT: "money", "currency": "currency"}


def mistakes(template: Template) -> Iterator[Mistake]:
    """Of the formats. To ask before publishing: what was published before this was asked stays readable."""
    for index, field in enumerate(template.header):
        expected = FORMATS.get(field.key, field.format)
        if field.format != expected:
            rule = f"'{field.key}' has the format {expected} in every template, not {field.format}"
            yield Mistake(("header", index, "format"), rule)
