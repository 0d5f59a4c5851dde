-- The notifier's one way into the log: events of the clock, into the stream of one project, at the version at which they
-- were found. It may append nothing else, and it writes one row: the project's, which gets the new version and is
-- otherwise as it was, for time has passed and nobody has done anything. The log's own rules hold: append() takes the lock,
-- compares the version, and no event id is there twice.
--
-- The function acts in the rights of a role of its own, which nobody logs in as: it can append, and give a project its new
-- version.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genjin_clock') THEN
        CREATE ROLE genjin_clock NOLOGIN;
    END IF;
    -- Whoever migrates hands the function over to it.
    IF NOT pg_has_role(current_user, 'genjin_clock', 'MEMBER') THEN
        EXECUTE format('GRANT genjin_clock TO %I', current_user);
    END IF;
END
$$;
CREATE SCHEMA genjin_clock;

CREATE FUNCTION genjin_clock.tell(
    p_workspace   uuid,
    p_project     uuid,
    p_expected    integer,          -- version of the project in which they were found
    p_actor       uuid,
    p_request     text,
    -- one entry per event, as for append()
    e_id          uuid[],
    e_type        text[],
    e_schema      smallint[],
    e_occurred_at timestamptz[],
    e_head        text[],
    e_tail        text[]
) RETURNS boolean                   -- false: the project has moved on; nothing was written
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    told    constant text[] := ARRAY['follow_up.overdue', 'stage.overstayed', 'cadence.missed', 'customer.silent',
                                     'risk.review_due'];
    project constant text := 'project-' || p_project;
    count   constant integer := cardinality(e_id);
    result  genjin.append_result;
    body    jsonb;
BEGIN
    IF p_expected < 1 OR NOT e_type <@ told THEN
        RAISE EXCEPTION 'the clock tells % of a project that there is', array_to_string(told, ', ')
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    result := genjin.append(
        p_workspace, ARRAY[project], ARRAY[p_expected], ARRAY[p_actor], ARRAY[NULL::text], ARRAY[p_request],
        ARRAY[p_request], ARRAY[count], NULL, NULL, NULL, NULL, NULL, NULL,
        array_fill(1, ARRAY[count]), ARRAY(SELECT generate_series(1, count)), e_id, e_type, e_schema, e_occurred_at,
        e_head, e_tail, NULL);
    IF result.outcomes[1] <> 'appended' THEN
        RETURN false;
    END IF;
    -- What was hashed says the same as the columns beside it.
    FOR i IN 1 .. count LOOP
        body := result.bodies[i];
        IF body->>'type' <> e_type[i] OR body->>'stream' <> project OR body->>'id' <> e_id[i]::text
           OR body->'actor'->>'type' <> 'system' OR body->'actor'->>'id' <> p_actor::text THEN
            RAISE EXCEPTION 'an event of the clock says something else than its columns'
                USING ERRCODE = 'insufficient_privilege';
        END IF;
    END LOOP;
    UPDATE genjin.project p
       SET version = p_expected + count, body = p.body || jsonb_build_object('version', p_expected + count)
     WHERE p.workspace_id = p_workspace AND p.id = p_project;
    RETURN true;
END
$$;
ALTER SCHEMA genjin_clock OWNER TO genjin_clock;
ALTER FUNCTION genjin_clock.tell OWNER TO genjin_clock;

GRANT USAGE ON SCHEMA genjin TO genjin_clock;
GRANT EXECUTE ON FUNCTION genjin.append TO genjin_clock;
GRANT SELECT, INSERT ON genjin.event, genjin.commit TO genjin_clock;
GRANT SELECT (workspace_id, id, body), UPDATE (version, body) ON genjin.project TO genjin_clock;

REVOKE ALL ON SCHEMA genjin_clock FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION genjin_clock.tell FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin_clock TO genjin_notifier;
GRANT EXECUTE ON FUNCTION genjin_clock.tell TO genjin_notifier;
