-- The same function, with that argument more.
DROP FUNCTION genjin.append_together;
CREATE FUNCTION genjin.append_together(
    p_workspace     uuid,
    c_stream        text[],
    c_expected      integer[],
    c_actor         uuid[],
    c_role          text[],
    c_request       text[],
    c_correlation   text[],
    c_events        integer[],
    c_claims        jsonb[],
    c_key           text[],
    c_fingerprint   bytea[],
    c_status        smallint[],
    c_location      text[],
    c_answer        text[],
    e_command       integer[],
    e_offset        integer[],
    e_id            uuid[],
    e_type          text[],
    e_schema        smallint[],
    e_occurred_at   timestamptz[],
    e_head          text[],
    e_tail          text[],
    p_rows          genjin.read_model_rows,
    c_seen          bytea[] DEFAULT NULL
) RETURNS genjin.append_result LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    result genjin.append_result;
BEGIN
    BEGIN
        result := genjin.append(
            p_workspace, c_stream, c_expected, c_actor, c_role, c_request, c_correlation, c_events,
            c_claims, c_key, c_fingerprint, c_status, c_location, c_answer,
            e_command, e_offset, e_id, e_type, e_schema, e_occurred_at, e_head, e_tail, p_rows, c_seen);
        IF 'appended' <> ANY (result.outcomes) THEN
            RAISE EXCEPTION USING ERRCODE = 'GJ001', MESSAGE = 'one of the commands was not appended';
        END IF;
    EXCEPTION WHEN SQLSTATE 'GJ001' THEN
        NULL;  -- what was written is undone, and result still says why
    END;
    RETURN result;
END
$$;

REVOKE EXECUTE ON FUNCTION genjin.append_together FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.append_together TO genjin_api;
