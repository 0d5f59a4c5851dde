"""Erased subjects (genjin.subject), and where in the forms a subject stands."""

from genjin_api.streams import Rows, StreamKind
from genjin_api.subjects.state import ErasedSubject, evolve


def rows(_before: ErasedSubject | None, after: ErasedSubject) -> Rows:
    return {
        "subject": [
            {
                "id": after.id,
                "reason": after.reason,
                "erased_at": after.erased_at,
                "erased_by": after.erased_by,
                "version": after.version,
            }
        ]
    }


SUBJECT = StreamKind(
    noun="subject", evolve=evolve, rows=rows, version=lambda subject: subject.version
)

ONE = """
SELECT id, reason, erased_at, erased_by, version FROM genjin.subject WHERE workspace_id = $1 AND id = $2
"""

# Forms whose newest revision holds data of the subject $2, after ($3, $4, $5), and where in their values.
FORMS = """
SELECT project_id, form, copy, jsonb_extract_path_text(body::jsonb, 'subjects', $2) AS places FROM genjin.form
 WHERE workspace_id = $1 AND jsonb_path_query_array(body::jsonb, '$.subjects.keyvalue().key') ? $2
   AND (project_id, form, copy) > ($3, $4, $5)
 ORDER BY project_id, form, copy LIMIT $6
"""

# Snapshots of long streams that were made when they held something of the subject $2: derived, so they may go.
DELETE_SNAPSHOTS = """
DELETE FROM genjin.stream_snapshot WHERE workspace_id = $1 AND stream = ANY ($3::text[]) AND strpos(body, $2) > 0
"""

# The next streams that have snapshots.
SNAPSHOT_STREAMS = """
SELECT DISTINCT stream FROM genjin.stream_snapshot WHERE workspace_id = $1 AND stream > $2 ORDER BY stream LIMIT $3
"""
