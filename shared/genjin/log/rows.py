"""Rows of the inline read models on their way to genjin.append(): typed records, cheaper for Postgres than JSON.

Each table's columns stand here in the order of its SQL type (genjin.<table>_row), less the command's number.
"""

from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from genjin.canonical import plain_json

# Of each table the rows to write, each with every column but workspace_id.
Rows = Mapping[str, Sequence[Mapping[str, Any]]]

COLUMNS: dict[str, tuple[str, ...]] = {
    "workspace": (
        "name",
        "time_zone",
        "version",
        "created_at",
    ),
    "person": (
        "id",
        "name",
        "workspace_role",
        "active",
        "version",
        "created_at",
    ),
    "api_key": (
        "id",
        "person_id",
        "name",
        "prefix",
        "created_at",
        "expires_at",
        "revoked_at",
        "version",
    ),
    "project": (
        "id",
        "code",
        "name",
        "template_key",
        "template_version",
        "status",
        "stage",
        "outcome",
        "region",
        "department",
        "expected_amount",
        "currency",
        "version",
        "created_at",
        "updated_at",
        "body",
    ),
    "project_past": (
        "id",
        "version",
        "code",
        "name",
        "template_key",
        "template_version",
        "status",
        "stage",
        "outcome",
        "region",
        "department",
        "expected_amount",
        "currency",
        "created_at",
    ),
    "stage_visit": (
        "project_id",
        "ordinal",
        "stage",
        "number",
        "entered_at",
        "left_at",
        "body",
    ),
    "follow_up": (
        "project_id",
        "id",
        "stage",
        "role",
        "owner_id",
        "due_on",
        "status",
        "body",
    ),
    "form": (
        "project_id",
        "form",
        "copy",
        "state",
        "revision",
        "body",
    ),
    "requirement": (
        "project_id",
        "id",
        "priority",
        "status",
        "body",
    ),
    "change_request": (
        "project_id",
        "id",
        "status",
        "body",
    ),
    "risk": (
        "project_id",
        "id",
        "category",
        "status",
        "score",
        "band",
        "owner_id",
        "body",
    ),
    "webhook_subscription": (
        "id",
        "url",
        "event_types",
        "description",
        "active",
        "deleted",
        "start_position",
        "created_by",
        "version",
        "created_at",
        "updated_at",
        "phrase",
        "classes",
        "disabled_because",
    ),
    "api_key_secret": (
        "key_id",
        "hash",
    ),
    "webhook_secret": (
        "subscription_id",
        "sealed",
        "previous_until",
    ),
    "subject": (
        "id",
        "reason",
        "erased_at",
        "erased_by",
        "version",
    ),
    "milestone": (
        "project_id",
        "id",
        "key",
        "stage",
        "status",
        "due_on",
        "set_by",
        "body",
    ),
    "metric": (
        "project_id",
        "metric",
        "value",
        "recorded_on",
        "body",
    ),
    "metric_value": (
        "project_id",
        "metric",
        "recorded_on",
        "version",
        "value",
        "body",
    ),
    "finding": (
        "project_id",
        "id",
        "severity",
        "stage",
        "status",
        "due_on",
        "responsible_id",
        "body",
    ),
    "document": (
        "project_id",
        "id",
        "document",
        "status",
        "sha256",
        "body",
    ),
    "stage_entry": (
        "project_id",
        "ordinal",
        "version",
        "stage",
        "template_key",
        "template_version",
        "number",
        "entered_at",
        "first_entered_at",
        "created_at",
    ),
    "stage_exit": (
        "project_id",
        "ordinal",
        "version",
        "stage",
        "template_key",
        "template_version",
        "left_at",
        "left_by",
        "passed",
        "override_role",
        "outcome",
        "number",
        "entered_at",
        "first_entered_at",
        "created_at",
        "entered_template_key",
        "entered_template_version",
    ),
    "suspension": (
        "project_id",
        "version",
        "since",
        "ended_at",
    ),
    "judgement": (
        "project_id",
        "version",
        "ordinal",
        "stage",
        "template_key",
        "template_version",
        "role",
        "person_id",
        "verdict",
        "first_word",
        "others",
        "judged_at",
    ),
    "follow_up_past": (
        "project_id",
        "id",
        "version",
        "role",
        "owner_id",
        "due_on",
        "status",
    ),
    "project_standing": (
        "project_id",
        "ordinal",
        "stage",
        "status",
        "template_key",
        "template_version",
        "entered_at",
        "outcome",
        "region",
        "department",
        "currency",
        "expected_amount",
        "holder_roles",
        "holder_ids",
        "given",
        "judged",
    ),
    "project_standing_past": (
        "project_id",
        "version",
        "ordinal",
        "stage",
        "status",
        "template_key",
        "template_version",
        "entered_at",
        "outcome",
        "region",
        "department",
        "currency",
        "expected_amount",
        "holder_roles",
        "holder_ids",
        "given",
        "judged",
    ),
    "warning": (
        "project_id",
        "id",
        "waiting",
        "body",
    ),
    "account": (
        "id",
        "name",
        "region",
        "industry",
        "parent_id",
        "status",
        "version",
        "body",
    ),
    "contact": (
        "id",
        "account_id",
        "subject_id",
        "status",
        "created_by",
        "version",
        "body",
    ),
    "project_account": (
        "project_id",
        "account_id",
    ),
    "stakeholder": (
        "project_id",
        "id",
        "subject_id",
        "status",
        "body",
    ),
    "health_assessment": (
        "project_id",
        "version",
        "level",
    ),
}

_DOCUMENT = "body"  # the last column where a table has documents


def row_records(commands: Sequence[Rows]) -> tuple[list[tuple[Any, ...]] | None, ...] | None:
    """The value of a genjin.read_model_rows: a list of records per table, null where there is none. KeyError names
    a table or a column that there is not.
    """
    tables: dict[str, list[tuple[Any, ...]]] = {}
    for number, rows in enumerate(commands, start=1):
        for table, of_table in rows.items():
            values = _VALUES[table]
            tables.setdefault(table, []).extend((number, *values(row)) for row in of_table)
    return tuple(tables.get(table) or None for table in COLUMNS) if tables else None


def _values_of(columns: tuple[str, ...]) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """From a row to its values, in the order of the columns."""
    if columns[-1] != _DOCUMENT:
        return itemgetter(*columns)
    plain = itemgetter(*columns[:-1])
    return lambda row: (*plain(row), plain_json(row[_DOCUMENT]).decode())


_VALUES = {table: _values_of(columns) for table, columns in COLUMNS.items()}
