"""The rows of a form that are about one person each, and about whom. Pure."""

from collections.abc import Mapping
from typing import Any

from genjin.subjects.sealed_values import Places
from genjin.templates.binding import FormBinding
from genjin_api.refusal import pointer

Row = Mapping[str, Any]


def rows_of(binding: FormBinding, values: Mapping[str, Any]) -> list[tuple[str, Row]]:
    """Each with its place; the whole form where it is about one person."""
    if binding.rows is None:
        return [("", values)]
    listed = values.get(binding.rows)
    rows = enumerate(listed) if isinstance(listed, list) else ()
    return [(pointer(binding.rows, index), row) for index, row in rows if isinstance(row, dict)]


def subject_of(place: str, subjects: Places) -> str | None:
    """Who the row is about: whose the most of it is."""
    counts = {
        subject: sum(f"{one}/".startswith(f"{place}/") for one in of_subject)
        for subject, of_subject in subjects.items()
    }
    found = max(counts, key=lambda subject: counts[subject], default=None)
    return found if found is not None and counts[found] else None
