"""Whether a project's header fits the fields of its template, and the amount that it names. Pure."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from decimal import Decimal

from genjin.templates.known_fields import EXPECTED_AMOUNT
from genjin.templates.model import HeaderField, Template
from genjin_api.fields import is_currency, is_money
from genjin_api.refusal import FieldError, pointer


def header_errors(
    template: Template, header: dict[str, str | None], said: Container[str] | None = None
) -> list[FieldError]:
    """Every field that breaks a rule, as pointers into a body that has the header at /header. said: the fields that the
    body has, None: all; what stands in another one was taken by the rules of its time.
    """
    known = {field.key: field for field in template.header}
    errors = [
        FieldError(pointer("header", key), "unknown_field", "the template has no such field")
        for key in sorted(header.keys() - known)
    ]
    for key, field in known.items():
        value = header.get(key)
        if field.required and (value is None or not value.strip()):
            errors.append(
                FieldError(pointer("header", key), "missing", "the template requires this field")
            )
        elif said is not None and key not in said:
            continue
        elif value is not None and (problem := _value_problem(field, value)):
            errors.append(FieldError(pointer("header", key), "invalid", problem))
    return errors


def amount_of(header: Mapping[str, str]) -> str | None:
    """The expected amount, as text: a JSON number would pass through a float on its way. What is no amount counts as
    none, for a template that was published long ago may have let any text in.
    """
    amount = header.get(EXPECTED_AMOUNT)
    return str(Decimal(amount)) if amount is not None and _is_amount(amount) else None


def _is_amount(text: str) -> bool:
    return is_money(text) and not text.startswith("-")


def controlled_since(template: Template, changed: Container[str]) -> Sequence[str | None]:
    """The stages from which on each field that changes is under change control; None: it never is."""
    found = [each.under_change_control_from for each in template.header if each.key in changed]
    return found or [None]


def _value_problem(field: HeaderField, value: str) -> str | None:
    if len(value) > field.max_length:
        return f"must have at most {field.max_length} characters"
    if field.format == "money" and not is_money(value):
        return "must be a decimal string such as 1250000.00"
    if field.key == EXPECTED_AMOUNT and not _is_amount(value):
        return "must be an amount such as 1250000.00, not below 0"
    if field.format == "currency" and not is_currency(value):
        return "must be an ISO 4217 code such as CNY"
    if field.format == "date" and not _is_day(value):
        return "must be a day such as 2026-12-01"
    return None


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
