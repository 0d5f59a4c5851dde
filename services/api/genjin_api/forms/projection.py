"""Attached forms at their newest revision: the table genjin.form and the queries on it."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from genjin_api.forms.state import FormRecord, Forms


def form_row(project_id: UUID, record: FormRecord) -> dict[str, Any]:
    return {
        "project_id": project_id,
        "form": record.form,
        "copy": record.copy_number,
        "state": record.state,
        "revision": record.revision,
        "body": record,
    }


LIST = """
SELECT body FROM genjin.form WHERE workspace_id = $1 AND project_id = $2 ORDER BY form COLLATE "C", copy
"""

COPIES = """
SELECT body FROM genjin.form WHERE workspace_id = $1 AND project_id = $2 AND form = $3 ORDER BY copy
"""


def listed_from(forms: Forms, form: str | None = None) -> Iterable[FormRecord]:
    """What LIST answers, and COPIES of a form, from a state."""
    found = [record for record in forms.values() if form in (None, record.form)]
    return sorted(found, key=lambda record: (record.form, record.copy_number))
