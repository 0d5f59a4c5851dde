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

# Of an account $3 that is to be a part of $2: whether it stands above that already, how many stand above it then, and
# how many steps there are below it; no more steps each way than $4.
PLACE_BELOW = """
WITH RECURSIVE above (id, steps) AS (
    SELECT $2::uuid, 1
    UNION ALL
    SELECT a.parent_id, above.steps + 1 FROM above JOIN genjin.account a ON a.workspace_id = $1 AND a.id = above.id
     WHERE a.parent_id IS NOT NULL AND above.steps <= $4
), below (id, steps) AS (
    SELECT $3::uuid, 0
    UNION ALL
    SELECT a.id, below.steps + 1 FROM below JOIN genjin.account a ON a.workspace_id = $1 AND a.parent_id = below.id
     WHERE below.steps <= $4
)
SELECT EXISTS (SELECT FROM above WHERE id = $3) AS is_above,
       (SELECT max(steps) FROM above) AS above, (SELECT max(steps) FROM below) AS below
"""

# Whether the person $3 holds a role in a project about the account $2.
WORKS_WITH = """
SELECT EXISTS (
    SELECT FROM genjin.project_account a JOIN genjin.project p ON p.workspace_id = $1 AND p.id = a.project_id,
           jsonb_each(p.body->'role_holders') role, jsonb_array_elements(role.value) holder
     WHERE a.workspace_id = $1 AND a.account_id = $2 AND holder->>'person_id' = $3::uuid::text
)
"""
