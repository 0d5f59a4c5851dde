-- Overdue milestones are told as well. What may be told stands apart from the telling, so that a new type is one line.
GRANT SELECT ON genjin.milestone TO genjin_notifier;

-- The types of events that the clock may append.
CREATE FUNCTION genjin_clock.told() RETURNS text[]
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT ARRAY[
        'follow_up.overdue',
        'milestone.overdue',
        'stage.overstayed',
        'cadence.missed',
        'customer.silent',
        'risk.review_due'
    ]
$$;
ALTER FUNCTION genjin_clock.told OWNER TO genjin_clock;
REVOKE EXECUTE ON FUNCTION genjin_clock.told FROM PUBLIC;

CREATE OR REPLACE FUNCTION genjin_clock.tell(
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
    told    constant text[] := genjin_clock.told();
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
