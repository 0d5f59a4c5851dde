-- The notifier's one way to keys of persons: those that one event of the log names, for a subscription that is granted the
-- class `restricted` at this moment, asks for events of this type, is active, and is as it was when the notifier read it:
-- else it gets none. Null where the person was erased, also when a key came back with a backup; no row where there never
-- was one. What the subscription's phrase asks is not looked at here.
CREATE FUNCTION genjin_keys.find_for_delivery(p_workspace uuid, p_subscription uuid, p_version integer, p_position bigint)
RETURNS TABLE (subject_id uuid, sealed text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
    WITH told AS MATERIALIZED (
        SELECT e.body::json -> 'data' -> 'subjects' AS subjects
          FROM genjin.webhook_subscription s
          JOIN genjin.event e ON e.workspace_id = s.workspace_id AND e.position = p_position
         WHERE s.workspace_id = p_workspace AND s.id = p_subscription AND s.version = p_version
           AND s.active AND NOT s.deleted AND 'restricted' = ANY (s.classes)
           AND EXISTS (SELECT FROM unnest(s.event_types) AS pattern
                        WHERE CASE WHEN right(pattern, 1) = '*' THEN starts_with(e.type, left(pattern, -1))
                                   ELSE e.type = pattern END)
    )
    SELECT k.subject_id, CASE WHEN e.id IS NULL THEN k.sealed END
      FROM told, LATERAL json_object_keys(CASE json_typeof(told.subjects) WHEN 'object' THEN told.subjects END) AS one
      JOIN genjin_keys.subject_key k ON k.workspace_id = p_workspace AND k.subject_id = one::uuid
      LEFT JOIN genjin.subject e ON e.workspace_id = k.workspace_id AND e.id = k.subject_id
$$;
ALTER FUNCTION genjin_keys.find_for_delivery OWNER TO genjin_keys;
GRANT USAGE ON SCHEMA genjin TO genjin_keys;
GRANT SELECT (workspace_id, id, version, active, deleted, classes, event_types) ON genjin.webhook_subscription TO genjin_keys;
GRANT SELECT (workspace_id, position, type, body) ON genjin.event TO genjin_keys;
GRANT SELECT (workspace_id, id) ON genjin.subject TO genjin_keys;

REVOKE EXECUTE ON FUNCTION genjin_keys.find_for_delivery FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin_keys TO genjin_notifier;
GRANT EXECUTE ON FUNCTION genjin_keys.find_for_delivery TO genjin_notifier;
