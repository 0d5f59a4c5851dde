"""Whether the audit index of a workspace is halted, because it is not what the log says."""

from genjin_api.doctor.finding import Finding, ok, warn
from genjin_api.doctor.server import Session

_SHOWN_MAX = 5

# The indexes that were halted first.
_HALTED = """
SELECT workspace_id, trusted_position, reason FROM genjin.event_tag_halt ORDER BY halted_at, workspace_id LIMIT $1
"""


async def audit_index(connection: Session) -> Finding:
    """No reason not to serve: answers are read from the log itself where the index is not trusted, and are slower."""
    rows = await connection.fetch(_HALTED, _SHOWN_MAX)
    if not rows:
        return ok("audit_index", "no index is halted")
    named = "; ".join(
        f"of workspace {row['workspace_id']} it is not asked behind position {row['trusted_position']}:"
        f" {row['reason']}"
        for row in rows
    )
    return warn(
        "audit_index",
        f"event_index_halted, for the audit index is not what the log says: {named}",
        "find out who wrote to genjin.event_tag, then genjin-api index rebuild --workspace … with the owner's"
        " DATABASE_URL",
    )
