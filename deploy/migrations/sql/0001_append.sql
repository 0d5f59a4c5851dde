-- The one way into the log. Takes any number of commands of one workspace and gives each its own result:
--   appended     its events are in the log, positions without a gap, versions following on
--   conflict     the stream is not at the version the caller decided on; version says where it is
--   duplicate    the idempotency key was answered before, with the same request
--   key_reused   the idempotency key was answered before, with another request
--   claim_taken  another stream holds a value that must be unique; detail names the scope
-- A refused command writes nothing and changes nothing for its neighbours.
--
-- The advisory lock is held to commit, so positions become visible in order: "position > checkpoint" is a complete tail.
-- The head is read in a statement of its own, after the lock: under READ COMMITTED it then sees what the previous holder
-- committed. Under REPEATABLE READ it would not, hence the check.
CREATE TYPE genjin.append_result AS (
    outcome       text,
    version       integer,
    position      bigint,
    recorded_at   timestamptz,
    detail        text,
    bodies        text[],
    leaf_hashes   bytea[]
);

CREATE FUNCTION genjin.append(
    p_workspace     uuid,
    -- one entry per command
    c_stream        text[],
    c_expected      integer[],      -- version the caller decided on; 0: the stream must be new
    c_actor         uuid[],
    c_key           text[],         -- idempotency key or null
    c_fingerprint   bytea[],
    c_status        smallint[],     -- what the key will be answered with
    c_location      text[],
    c_answer        text[],
    c_claims        jsonb[],        -- [[scope, value], ...] or null
    c_rows          jsonb[],        -- {"table": [row, ...]} of inline read models, or null
    c_events        integer[],      -- how many of the entries below are this command's
    -- one entry per event; the body is e_head, position and recorded_at, e_tail, version and workspace, in key order
    e_id            uuid[],
    e_type          text[],
    e_schema        smallint[],
    e_role          text[],
    e_occurred_at   timestamptz[],
    e_request       text[],
    e_correlation   text[],
    e_head          text[],
    e_tail          text[]
) RETURNS genjin.append_result[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    results      genjin.append_result[] := '{}';
    result       genjin.append_result;
    position     bigint := 0;
    first        bigint;
    head_hash    bytea;
    stamp        timestamptz;
    stamp_text   text;
    next_event   integer := 1;
    version      integer;
    known        bytea;
    taken        text;
    body         text;
    leaf         bytea;
    leaves       bytea;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'genjin.append needs READ COMMITTED, not %', current_setting('transaction_isolation');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(p_workspace::text, 7001));

    SELECT c.last_position, c.hash, c.recorded_at INTO position, head_hash, stamp
      FROM genjin.commit c WHERE c.workspace_id = p_workspace ORDER BY c.last_position DESC LIMIT 1;
    IF NOT FOUND THEN
        position := 0;
        head_hash := sha256(convert_to('genjin.log ' || p_workspace::text, 'UTF8'));
    END IF;
    -- The clock may step back; recorded times never do.
    stamp := greatest(stamp, clock_timestamp());
    stamp_text := to_char(stamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

    FOR i IN 1 .. coalesce(array_length(c_stream, 1), 0) LOOP
        result := NULL;
        taken := NULL;
        IF c_key[i] IS NOT NULL THEN
            SELECT a.fingerprint INTO known FROM genjin.idempotent_answer a
             WHERE a.workspace_id = p_workspace AND a.actor_id = c_actor[i] AND a.key = c_key[i];
            IF FOUND THEN
                result.outcome := CASE WHEN known = c_fingerprint[i] THEN 'duplicate' ELSE 'key_reused' END;
            END IF;
        END IF;

        IF result.outcome IS NULL THEN
            SELECT e.version INTO version FROM genjin.event e
             WHERE e.workspace_id = p_workspace AND e.stream = c_stream[i] ORDER BY e.version DESC LIMIT 1;
            version := coalesce(version, 0);
            IF version <> c_expected[i] THEN
                result.outcome := 'conflict';
                result.version := version;
            END IF;
        END IF;

        IF result.outcome IS NULL AND c_claims[i] IS NOT NULL THEN
            SELECT l.scope INTO taken FROM genjin.claim l, jsonb_array_elements(c_claims[i]) w
             WHERE l.workspace_id = p_workspace AND l.scope = w->>0 AND l.value = w->>1 AND l.stream <> c_stream[i] LIMIT 1;
            IF FOUND THEN
                result.outcome := 'claim_taken';
                result.detail := taken;
            ELSE
                INSERT INTO genjin.claim (workspace_id, scope, value, stream)
                SELECT p_workspace, w->>0, w->>1, c_stream[i] FROM jsonb_array_elements(c_claims[i]) w
                ON CONFLICT DO NOTHING;
            END IF;
        END IF;

        IF result.outcome IS NULL THEN
            first := position + 1;
            leaves := ''::bytea;
            result.bodies := '{}';
            result.leaf_hashes := '{}';
            FOR e IN next_event .. next_event + c_events[i] - 1 LOOP
                position := position + 1;
                version := version + 1;
                body := e_head[e] || '"position":' || position || ',"recorded_at":"' || stamp_text || '",' || e_tail[e]
                     || ',"version":' || version || ',"workspace_id":"' || p_workspace || '"}';
                leaf := sha256('\x00'::bytea || convert_to(body, 'UTF8'));
                INSERT INTO genjin.event VALUES (
                    p_workspace, position, c_stream[i], version, e_id[e], e_type[e], e_schema[e], c_actor[i], e_role[e],
                    e_occurred_at[e], stamp, e_request[e], e_correlation[e], body, leaf);
                leaves := leaves || leaf;
                result.bodies := result.bodies || body;
                result.leaf_hashes := result.leaf_hashes || leaf;
            END LOOP;
            IF c_events[i] > 0 THEN
                INSERT INTO genjin.commit VALUES (
                    p_workspace, position, first, c_stream[i], stamp, head_hash,
                    sha256(head_hash || int8send(first) || int8send(position) || leaves))
                RETURNING hash INTO head_hash;
            END IF;
            IF c_key[i] IS NOT NULL THEN
                INSERT INTO genjin.idempotent_answer VALUES (
                    p_workspace, c_actor[i], c_key[i], c_fingerprint[i],
                    CASE WHEN c_events[i] > 0 THEN first END, CASE WHEN c_events[i] > 0 THEN position END, version,
                    c_status[i], c_location[i], c_answer[i]);
            END IF;
            IF c_rows[i] IS NOT NULL THEN
                PERFORM genjin.write_read_models(p_workspace, c_rows[i]);
            END IF;
            result.outcome := 'appended';
            result.version := version;
            result.position := position;
            result.recorded_at := stamp;
        END IF;
        next_event := next_event + c_events[i];
        results := results || result;
    END LOOP;
    RETURN results;
END
$$;
