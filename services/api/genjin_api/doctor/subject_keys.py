"""Whether the keys of personal values are where they should be: out of reach, and gone where a person was erased."""

from genjin_api.doctor.finding import Finding, fatal, ok, warn
from genjin_api.doctor.server import Session

ERASURES_MAX = 1000

_MISSING = """
SELECT count(*) FROM pg_proc
 WHERE pronamespace = to_regnamespace('genjin_keys') AND proname IN ('make', 'find', 'page', 'destroy')
   AND has_function_privilege(oid, 'EXECUTE') AND has_schema_privilege('genjin_keys', 'USAGE')
"""

_WITHIN_REACH = """
SELECT array_agg(p) FROM unnest('{SELECT,INSERT,UPDATE,DELETE,TRUNCATE}'::text[]) p
 WHERE has_table_privilege('genjin_keys.subject_key', p)
"""

# The newest erasures whose key is there all the same: it came back with a backup.
_CAME_BACK = """
SELECT s.workspace_id, s.id FROM (
    SELECT workspace_id, id FROM genjin.subject ORDER BY erased_at DESC LIMIT $1
) s, LATERAL genjin_keys.find(s.workspace_id, ARRAY[s.id]) k
 WHERE k.sealed IS NOT NULL LIMIT 5
"""


async def subject_keys(connection: Session) -> Finding:
    name = "subject_keys"
    if await connection.fetchval(_MISSING) != 4:
        remedy = (
            "GRANT USAGE ON SCHEMA genjin_keys, EXECUTE ON ALL FUNCTIONS IN SCHEMA genjin_keys to the API's role;"
            " where the schema is gone, restore it from its backup"
        )
        return fatal(name, "the functions of the schema genjin_keys cannot be called", remedy)
    if rights := await connection.fetchval(_WITHIN_REACH):
        return warn(
            name,
            f"the API may {', '.join(rights)} genjin_keys.subject_key itself, not by its functions alone",
            "REVOKE these from its role, and from PUBLIC and the roles it is in",
        )
    return ok(name, "within reach of their functions alone")


async def erasures(connection: Session) -> Finding:
    """A look at many rows, for whoever asks the doctor; a serving process need not take it again and again."""
    rows = await connection.fetch(_CAME_BACK, ERASURES_MAX)
    if not rows:
        return ok("erasures", "no erased person has a key")
    named = ", ".join(f"{row['id']} of workspace {row['workspace_id']}" for row in rows)
    return warn(
        "erasures",
        f"keys of erased persons are back, as after the restore of a backup: {named}",
        "repeat POST /v1/subjects/{id}/erasures for them: it destroys the key again",
    )
