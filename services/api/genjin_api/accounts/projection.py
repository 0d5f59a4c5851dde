"""Accounts: the table genjin.account and the queries on it."""

from genjin_api.accounts.state import Account, evolve
from genjin_api.streams import Rows, StreamKind


def rows(_before: Account | None, after: Account) -> Rows:
    return {
        "account": [
            {
                "id": after.id,
                "name": after.name,
                "region": after.details.get("region"),
                "industry": after.details.get("industry"),
                "parent_id": after.parent_id,
                "status": after.status,
                "version": after.version,
                "body": after,
            }
        ]
    }


ACCOUNT = StreamKind(
    noun="account", evolve=evolve, rows=rows, version=lambda account: account.version
)

# Accounts in the order of their making, after $2; the others narrow: status, region, industry, parent, part of a name.
LIST = """
SELECT id, body FROM genjin.account
 WHERE workspace_id = $1 AND ($2::uuid IS NULL OR id > $2) AND ($3::text IS NULL OR status = $3)
   AND ($4::text IS NULL OR region = $4) AND ($5::text IS NULL OR industry = $5)
   AND ($6::uuid IS NULL OR parent_id = $6) AND ($7::text IS NULL OR strpos(lower(name), lower($7)) > 0)
 ORDER BY id LIMIT $8
"""

ONE = "SELECT body, version FROM genjin.account WHERE workspace_id = $1 AND id = $2"

# Whether an account $3 is $2, or stands above it; as many steps up as $4.
STANDS_ABOVE = """
WITH RECURSIVE above (id, steps) AS (
    SELECT $2::uuid, 0
    UNION ALL
    SELECT a.parent_id, above.steps + 1 FROM above JOIN genjin.account a ON a.workspace_id = $1 AND a.id = above.id
     WHERE a.parent_id IS NOT NULL AND above.steps < $4
)
SELECT coalesce(bool_or(id = $3), false) AS is_above, max(steps) AS steps FROM above
"""
