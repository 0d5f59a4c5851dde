"""Contacts: the table genjin.contact and the queries on it. No query looks for what is sealed."""

from genjin_api.contacts.state import Contact, evolve
from genjin_api.streams import Rows, StreamKind


def rows(_before: Contact | None, after: Contact) -> Rows:
    return {
        "contact": [
            {
                "id": after.id,
                "account_id": after.account_id,
                "subject_id": after.subject_id,
                "status": after.status,
                "created_by": after.created_by,
                "version": after.version,
                "body": after,
            }
        ]
    }


CONTACT = StreamKind(
    noun="contact", evolve=evolve, rows=rows, version=lambda contact: contact.version
)

# Contacts in the order of their making, after $2; the others narrow: account, status, subject.
LIST = """
SELECT id, body FROM genjin.contact
 WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::uuid IS NULL OR account_id = $3)
   AND ($4::text IS NULL OR status = $4) AND ($5::uuid IS NULL OR subject_id = $5)
 ORDER BY id LIMIT $6
"""

ONE = "SELECT body, version FROM genjin.contact WHERE workspace_id = $1 AND id = $2"

# The contacts of an erased subject, after $3.
OF_SUBJECT = """
SELECT id FROM genjin.contact WHERE workspace_id = $1 AND subject_id = $2 AND ($3::uuid IS NULL OR id > $3)
 ORDER BY id LIMIT $4
"""

OF_IDS = (
    "SELECT body FROM genjin.contact WHERE workspace_id = $1 AND id = ANY ($2::uuid[]) ORDER BY id"
)

# The contacts of some subjects, the oldest first.
OF_SUBJECTS = """
SELECT id, subject_id, status FROM genjin.contact WHERE workspace_id = $1 AND subject_id = ANY ($2::uuid[]) ORDER BY id
"""
