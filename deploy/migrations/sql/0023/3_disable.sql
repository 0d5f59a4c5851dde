-- A subscription whose receiver answered 410 Gone is disabled: the notifier's other way into the log, beside the clock's. It
-- appends this one event, at the version at which the subscription was served, and makes its row say so. The function acts
-- in the rights of a role of its own, which nobody logs in as.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genjin_delivery') THEN
        CREATE ROLE genjin_delivery NOLOGIN;
    END IF;
    -- Whoever migrates hands the function over to it.
    IF NOT pg_has_role(current_user, 'genjin_delivery', 'MEMBER') THEN
        EXECUTE format('GRANT genjin_delivery TO %I', current_user);
    END IF;
END
$$;
CREATE SCHEMA genjin_delivery;

CREATE FUNCTION genjin_delivery.disable(
    p_workspace    uuid,
    p_subscription uuid,
    p_expected     integer,          -- version of the subscription at which it was served
    p_actor        uuid,
    p_request      text,
    e_id           uuid,
    e_schema       smallint,
    e_occurred_at  timestamptz,
    e_head         text,
    e_tail         text
) RETURNS boolean                    -- false: it was changed since, or is not active; nothing was written
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    type   constant text := 'webhook_subscription.disabled';
    stream constant text := 'webhook_subscription-' || p_subscription;
    result genjin.append_result;
    body   jsonb;
BEGIN
    IF NOT EXISTS (SELECT FROM genjin.webhook_subscription s
                    WHERE s.workspace_id = p_workspace AND s.id = p_subscription AND s.active AND NOT s.deleted) THEN
        RETURN false;
    END IF;
    result := genjin.append(
        p_workspace, ARRAY[stream], ARRAY[p_expected], ARRAY[p_actor], ARRAY[NULL::text], ARRAY[p_request],
        ARRAY[p_request], ARRAY[1], NULL, NULL, NULL, NULL, NULL, NULL,
        ARRAY[1], ARRAY[1], ARRAY[e_id], ARRAY[type], ARRAY[e_schema], ARRAY[e_occurred_at],
        ARRAY[e_head], ARRAY[e_tail], NULL);
    IF result.outcomes[1] <> 'appended' THEN
        RETURN false;
    END IF;
    -- What was hashed says the same as the columns beside it, and names a reason.
    body := result.bodies[1];
    IF body->>'type' <> type OR body->>'stream' <> stream OR body->>'id' <> e_id::text
       OR body->'actor'->>'type' <> 'system' OR body->'actor'->>'id' <> p_actor::text
       OR coalesce(body->'data'->>'reason', '') <> 'gone' THEN
        RAISE EXCEPTION 'an event of a disabled subscription says something else than its columns'
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    UPDATE genjin.webhook_subscription s
       SET active = false, disabled_because = body->'data'->>'reason', version = p_expected + 1,
           updated_at = (body->>'occurred_at')::timestamptz
     WHERE s.workspace_id = p_workspace AND s.id = p_subscription;
    RETURN true;
END
$$;
ALTER SCHEMA genjin_delivery OWNER TO genjin_delivery;
ALTER FUNCTION genjin_delivery.disable OWNER TO genjin_delivery;

GRANT USAGE ON SCHEMA genjin TO genjin_delivery;
GRANT EXECUTE ON FUNCTION genjin.append TO genjin_delivery;
GRANT SELECT, INSERT ON genjin.event, genjin.commit TO genjin_delivery;
GRANT SELECT (workspace_id, id, active, deleted), UPDATE (active, disabled_because, version, updated_at)
    ON genjin.webhook_subscription TO genjin_delivery;

REVOKE ALL ON SCHEMA genjin_delivery FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION genjin_delivery.disable FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin_delivery TO genjin_notifier;
GRANT EXECUTE ON FUNCTION genjin_delivery.disable TO genjin_notifier;
