-- The notifier's one way to keys of persons: those of some subjects, for a subscription that is granted the class
-- `restricted` at this moment, is active, and is as it was when the notifier read it: else it gets none. Null where the person was erased, also when a key came back
-- with a backup; no row where there never was one.
CREATE FUNCTION genjin_keys.find_for_delivery(p_workspace uuid, p_subscription uuid, p_version integer, p_subjects uuid[])
RETURNS TABLE (subject_id uuid, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    SELECT k.subject_id, CASE WHEN e.id IS NULL THEN k.sealed END
      FROM genjin.webhook_subscription s
      JOIN genjin_keys.subject_key k ON k.workspace_id = s.workspace_id AND k.subject_id = ANY (p_subjects)
      LEFT JOIN genjin.subject e ON e.workspace_id = k.workspace_id AND e.id = k.subject_id
     WHERE s.workspace_id = p_workspace AND s.id = p_subscription AND s.version = p_version
       AND s.active AND NOT s.deleted AND 'restricted' = ANY (s.classes)
$$;
ALTER FUNCTION genjin_keys.find_for_delivery OWNER TO genjin_keys;
GRANT USAGE ON SCHEMA genjin TO genjin_keys;
GRANT SELECT (workspace_id, id, version, active, deleted, classes) ON genjin.webhook_subscription TO genjin_keys;
GRANT SELECT (workspace_id, id) ON genjin.subject TO genjin_keys;

REVOKE EXECUTE ON FUNCTION genjin_keys.find_for_delivery FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin_keys TO genjin_notifier;
GRANT EXECUTE ON FUNCTION genjin_keys.find_for_delivery TO genjin_notifier;
