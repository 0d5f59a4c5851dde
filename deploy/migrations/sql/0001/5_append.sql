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

-- Take values that no other stream may hold, under the workspace's lock. The scope of one that is taken, or null.
CREATE FUNCTION genjin.take_claims(p_workspace uuid, p_stream text, p_claims jsonb) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    taken text;
BEGIN
    SELECT l.scope INTO taken FROM genjin.claim l, jsonb_array_elements(p_claims) w
     WHERE l.workspace_id = p_workspace AND l.scope = w->>0 AND l.value = w->>1 AND l.stream <> p_stream LIMIT 1;
    IF NOT FOUND THEN
        INSERT INTO genjin.claim (workspace_id, scope, value, stream)
        SELECT p_workspace, w->>0, w->>1, p_stream FROM jsonb_array_elements(p_claims) w
        ON CONFLICT DO NOTHING;
    END IF;
    RETURN taken;
END
$$;

-- The commands are decided one after the other in memory; what they come to is inserted as one set per table.
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
) RETURNS genjin.append_result[] LANGUAGE plpgsql VOLATILE
-- Its statements are planned once per session: their plans do not depend on the values, and planning costs more than running.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    results      genjin.append_result[] := '{}';
    result       genjin.append_result;
    last         bigint := 0;       -- the log's last position so far
    first        bigint;
    head_hash    bytea;
    stamp        timestamptz;
    stamp_text   text;
    versions     jsonb;             -- stream -> version so far
    answered     jsonb := '{}';     -- actor and key -> fingerprint in hex, so far
    known        text;
    next_event   integer := 1;
    version      integer;
    body         text;
    leaf         bytea;
    leaves       bytea;
    repeated     boolean := false;  -- whether two appended commands share a stream, and so perhaps rows
    -- what is to be inserted, as one set each
    n_event      integer[] := '{}';
    n_position   bigint[] := '{}';
    n_stream     text[] := '{}';
    n_actor      uuid[] := '{}';
    n_version    integer[] := '{}';
    n_body       text[] := '{}';
    n_leaf       bytea[] := '{}';
    m_last       bigint[] := '{}';
    m_first      bigint[] := '{}';
    m_stream     text[] := '{}';
    m_previous   bytea[] := '{}';
    m_hash       bytea[] := '{}';
    k_command    integer[] := '{}';
    k_first      bigint[] := '{}';
    k_last       bigint[] := '{}';
    k_version    integer[] := '{}';
    r_rows       jsonb[] := '{}';
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'genjin.append needs READ COMMITTED, not %', current_setting('transaction_isolation');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(p_workspace::text, 7001));

    SELECT c.last_position, c.hash, c.recorded_at INTO last, head_hash, stamp
      FROM genjin.commit c WHERE c.workspace_id = p_workspace ORDER BY c.last_position DESC LIMIT 1;
    IF NOT FOUND THEN
        last := 0;
        head_hash := sha256(convert_to('genjin.log ' || p_workspace::text, 'UTF8'));
    END IF;
    -- The clock may step back; recorded times never do.
    stamp := greatest(stamp, clock_timestamp());
    stamp_text := to_char(stamp AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');

    SELECT coalesce(jsonb_object_agg(s.stream, (
               SELECT e.version FROM genjin.event e
                WHERE e.workspace_id = p_workspace AND e.stream = s.stream ORDER BY e.version DESC LIMIT 1)), '{}')
      INTO versions FROM (SELECT DISTINCT unnest(c_stream) AS stream) s;
    IF num_nonnulls(VARIADIC c_key) > 0 THEN
        SELECT coalesce(jsonb_object_agg(a.actor_id || a.key, encode(a.fingerprint, 'hex')), '{}') INTO answered
          FROM unnest(c_actor, c_key) AS c (actor, key)
          JOIN genjin.idempotent_answer a ON a.workspace_id = p_workspace AND a.actor_id = c.actor AND a.key = c.key;
    END IF;

    FOR i IN 1 .. coalesce(array_length(c_stream, 1), 0) LOOP
        result := NULL;
        version := coalesce((versions->>c_stream[i])::integer, 0);
        known := CASE WHEN c_key[i] IS NOT NULL THEN answered->>(c_actor[i] || c_key[i]) END;
        IF known IS NOT NULL THEN
            result.outcome := CASE WHEN known = encode(c_fingerprint[i], 'hex') THEN 'duplicate' ELSE 'key_reused' END;
        ELSIF version <> c_expected[i] THEN
            result.outcome := 'conflict';
            result.version := version;
        ELSIF c_claims[i] IS NOT NULL THEN
            result.detail := genjin.take_claims(p_workspace, c_stream[i], c_claims[i]);
            IF result.detail IS NOT NULL THEN
                result.outcome := 'claim_taken';
            END IF;
        END IF;

        IF result.outcome IS NULL THEN
            first := last + 1;
            leaves := '';
            FOR e IN next_event .. next_event + c_events[i] - 1 LOOP
                last := last + 1;
                version := version + 1;
                body := e_head[e] || '"position":' || last || ',"recorded_at":"' || stamp_text || '",' || e_tail[e]
                     || ',"version":' || version || ',"workspace_id":"' || p_workspace || '"}';
                leaf := sha256('\x00'::bytea || convert_to(body, 'UTF8'));
                leaves := leaves || leaf;
                n_event := n_event || e;
                n_position := n_position || last;
                n_stream := n_stream || c_stream[i];
                n_actor := n_actor || c_actor[i];
                n_version := n_version || version;
                n_body := n_body || body;
                n_leaf := n_leaf || leaf;
                result.bodies := result.bodies || body;
                result.leaf_hashes := result.leaf_hashes || leaf;
            END LOOP;
            IF c_events[i] > 0 THEN
                repeated := repeated OR c_stream[i] = ANY (m_stream);
                m_first := m_first || first;
                m_last := m_last || last;
                m_stream := m_stream || c_stream[i];
                m_previous := m_previous || head_hash;
                head_hash := sha256(head_hash || int8send(first) || int8send(last) || leaves);
                m_hash := m_hash || head_hash;
                versions := versions || jsonb_build_object(c_stream[i], version);
            END IF;
            IF c_key[i] IS NOT NULL THEN
                answered := answered || jsonb_build_object(c_actor[i] || c_key[i], encode(c_fingerprint[i], 'hex'));
                k_command := k_command || i;
                k_first := k_first || CASE WHEN c_events[i] > 0 THEN first END;
                k_last := k_last || CASE WHEN c_events[i] > 0 THEN last END;
                k_version := k_version || version;
            END IF;
            IF c_rows[i] IS NOT NULL THEN
                r_rows := r_rows || c_rows[i];
            END IF;
            result.outcome := 'appended';
            result.version := version;
            result.position := last;
            result.recorded_at := stamp;
            result.bodies := coalesce(result.bodies, '{}');
            result.leaf_hashes := coalesce(result.leaf_hashes, '{}');
        END IF;
        next_event := next_event + c_events[i];
        results := results || result;
    END LOOP;

    INSERT INTO genjin.event
    SELECT p_workspace, n.position, n.stream, n.version, e_id[n.e], e_type[n.e], e_schema[n.e], n.actor, e_role[n.e],
           e_occurred_at[n.e], stamp, e_request[n.e], e_correlation[n.e], n.body, n.leaf
      FROM unnest(n_event, n_position, n_stream, n_actor, n_version, n_body, n_leaf)
        AS n (e, position, stream, actor, version, body, leaf);
    INSERT INTO genjin.commit
    SELECT p_workspace, m.last, m.first, m.stream, stamp, m.previous, m.hash
      FROM unnest(m_last, m_first, m_stream, m_previous, m_hash) AS m (last, first, stream, previous, hash);
    IF k_command <> '{}' THEN
        INSERT INTO genjin.idempotent_answer
        SELECT p_workspace, c_actor[k.i], c_key[k.i], c_fingerprint[k.i], k.first, k.last, k.version, c_status[k.i],
               c_location[k.i], c_answer[k.i]
          FROM unnest(k_command, k_first, k_last, k_version) AS k (i, first, last, version);
    END IF;
    IF repeated THEN
        FOR i IN 1 .. coalesce(array_length(r_rows, 1), 0) LOOP
            PERFORM genjin.write_read_models(p_workspace, r_rows[i:i]);
        END LOOP;
    ELSIF r_rows <> '{}' THEN
        PERFORM genjin.write_read_models(p_workspace, r_rows);
    END IF;
    RETURN results;
END
$$;
