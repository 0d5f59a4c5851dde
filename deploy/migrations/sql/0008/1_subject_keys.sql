-- The keys of the persons whose data is sealed in the log, apart from everything else: a schema of its own, so that a backup
-- of the log can leave them out, and a role of its own, which owns the table; whoever migrates is a member of it, nobody
-- else may touch the table. The API reaches it by functions. A destroyed key leaves its row behind, so that nobody makes a
-- new key for an erased person.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genjin_keys') THEN
        CREATE ROLE genjin_keys NOLOGIN;
    END IF;
    -- Whoever migrates hands the tables over to it.
    IF NOT pg_has_role(current_user, 'genjin_keys', 'MEMBER') THEN
        EXECUTE format('GRANT genjin_keys TO %I', current_user);
    END IF;
END
$$;
CREATE SCHEMA genjin_keys;

-- sealed is the key under the installation's own key (GENJIN_SECRET_KEY); null: destroyed.
CREATE TABLE genjin_keys.subject_key (
    workspace_id uuid        NOT NULL,
    subject_id   uuid        NOT NULL,
    sealed       text,
    made_at      timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (workspace_id, subject_id),
    CHECK ((sealed IS NULL) = (destroyed_at IS NOT NULL))
) WITH (
    -- The row of a key that was destroyed is cleared away soon, not when a fifth of them has changed. Its bytes can
    -- outlast it in the page until the table is written anew: VACUUM (FULL), which the API does where it may.
    autovacuum_vacuum_threshold = 0,
    autovacuum_vacuum_scale_factor = 0
);

-- Keep new keys, each for a subject that has none: where two make one at once, the first is kept. How many were new.
CREATE FUNCTION genjin_keys.make(p_workspace uuid, p_subjects uuid[], p_sealed text[]) RETURNS bigint
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH made AS (
        INSERT INTO genjin_keys.subject_key (workspace_id, subject_id, sealed)
        SELECT p_workspace, n.subject_id, n.sealed
          FROM unnest(p_subjects, p_sealed) AS n (subject_id, sealed) ORDER BY n.subject_id
        ON CONFLICT (workspace_id, subject_id) DO NOTHING RETURNING 1
    )
    SELECT count(*) FROM made
$$;

-- The keys of some subjects, null where it was destroyed; no row where there never was one.
CREATE FUNCTION genjin_keys.find(p_workspace uuid, p_subjects uuid[])
RETURNS TABLE (subject_id uuid, sealed text, destroyed_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.subject_id, k.sealed, k.destroyed_at FROM genjin_keys.subject_key k
     WHERE k.workspace_id = p_workspace AND k.subject_id = ANY (p_subjects)
$$;

-- A page of a workspace's keys, for its move to another installation.
CREATE FUNCTION genjin_keys.page(p_workspace uuid, p_after uuid, p_limit integer)
RETURNS TABLE (subject_id uuid, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.subject_id, k.sealed FROM genjin_keys.subject_key k
     WHERE k.workspace_id = p_workspace AND k.sealed IS NOT NULL AND (p_after IS NULL OR k.subject_id > p_after)
     ORDER BY k.subject_id LIMIT p_limit
$$;

-- Destroy keys for good. Called with the fact of the erasure, in its commit; a subject that never had a key cannot get one.
CREATE FUNCTION genjin_keys.destroy(p_workspace uuid, p_subjects uuid[]) RETURNS void
LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    INSERT INTO genjin_keys.subject_key AS k (workspace_id, subject_id, sealed, destroyed_at)
    SELECT p_workspace, s.subject_id, NULL, now() FROM unnest(p_subjects) AS s (subject_id) ORDER BY s.subject_id
    ON CONFLICT (workspace_id, subject_id) DO UPDATE SET sealed = NULL, destroyed_at = now()
     WHERE k.sealed IS NOT NULL
$$;
