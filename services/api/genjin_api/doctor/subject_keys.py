"""Whether the keys of personal values are where they should be: out of reach, and gone where a person was erased."""

from genjin_api.doctor.finding import Finding, fatal, ok, warn
from genjin_api.doctor.server import Session
from genjin_api.subjects.out_of_reach import SEALED_VERSION

ERASURES_MAX = 1000
FORMS_MAX = 1000

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

# Forms with restricted values whose newest revision is of before the sealing.
_NEVER_SEALED = """
SELECT f.workspace_id, f.project_id, f.form FROM genjin.form f
  JOIN genjin.event e ON e.workspace_id = f.workspace_id AND e.id = (f.body->>'saved_by')::uuid
 WHERE f.body->'restricted' = 'true'::jsonb AND e.schema_version < $1 LIMIT $2
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


async def unsealed_forms(connection: Session) -> Finding:
    """Likewise."""
    rows = await connection.fetch(_NEVER_SEALED, SEALED_VERSION, FORMS_MAX)
    if not rows:
        return ok("unsealed_forms", "no form holds personal values of before the sealing")
    many = f"{FORMS_MAX} or more" if len(rows) == FORMS_MAX else str(len(rows))
    named = ", ".join(f"{row['form']} of project {row['project_id']}" for row in rows[:5])
    return warn(
        "unsealed_forms",
        f"{many} forms hold personal values in the clear, of before there was sealing: {named}",
        "revise them: what they hold from then on is sealed. What stands in the log no erasure reaches",
    )
