-- The same function, but that it is told the leaf hash of the event that a command was decided on: where the log was restored to
-- another history, a stream may be at the same version by other events, and what was decided on those that never were is a
-- conflict. It takes its arguments as before, too.
DROP FUNCTION genjin.append;
CREATE FUNCTION genjin.append(
    p_workspace     uuid,
    -- one entry per command
    c_stream        text[],
    c_expected      integer[],      -- version the caller decided on; 0: the stream must be new
    c_actor         uuid[],
    c_role          text[],
    c_request       text[],
    c_correlation   text[],
    c_events        integer[],      -- how many of the entries below are this command's
    c_claims        jsonb[],        -- [[scope, value], ...] or null; null altogether: no command has any
    -- the same, and null altogether when no command has a key
    c_key           text[],
    c_fingerprint   bytea[],
    c_status        smallint[],     -- what the key will be answered with
    c_location      text[],
    c_answer        text[],
    -- one entry per event; the body is e_head, position and recorded_at, e_tail, version and workspace, in key order
    e_command       integer[],      -- whose it is
    e_offset        integer[],      -- 1, 2, … within the command
    e_id            uuid[],
    e_type          text[],
    e_schema        smallint[],
    e_occurred_at   timestamptz[],
    e_head          text[],
    e_tail          text[],
    p_rows          genjin.read_model_rows,
    -- one entry per command, and null altogether when no command knows it
    c_seen          bytea[] DEFAULT NULL    -- leaf hash of the event at the version that the caller decided on, or null
) RETURNS genjin.append_result LANGUAGE plpgsql VOLATILE
-- Its statements are planned once per session: their plans do not depend on the values, and planning costs more than running.
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    result     genjin.append_result;
    last       bigint;      -- the log's last position
    head_hash  bytea;
    between    text;        -- what stands in a body after the position, and after the version
    ending     text;
    accepted   boolean[];
    forked     boolean[];   -- whether a stream has another event at that version than the one that was seen
    known      bytea[];     -- the fingerprint that a command's key was answered for
    leaves     bytea;
    new_last   bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'genjin.append needs READ COMMITTED, not %', current_setting('transaction_isolation');
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended(p_workspace::text, 7001));

    -- The clock may step back; recorded times never do.
    SELECT coalesce(c.last_position, 0),
           coalesce(c.hash, sha256(convert_to('genjin.log ' || p_workspace::text, 'UTF8'))),
           stamp.at,
           ',"recorded_at":"' || to_char(stamp.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '",',
           ',"workspace_id":"' || p_workspace || '"}'
      INTO last, head_hash, result.recorded_at, between, ending
      FROM (SELECT) AS always
      LEFT JOIN LATERAL (SELECT * FROM genjin.commit c WHERE c.workspace_id = p_workspace
                          ORDER BY c.last_position DESC LIMIT 1) c ON true,
           LATERAL (SELECT greatest(c.recorded_at, clock_timestamp()) AS at OFFSET 0) stamp;
    result.first_position := last + 1;

    SELECT array_agg(coalesce(newest.version, 0) ORDER BY c.i), array_agg(newest.leaf_hash <> c.seen ORDER BY c.i)
      INTO result.versions, forked
      FROM unnest(c_stream, c_seen) WITH ORDINALITY AS c (stream, seen, i)
      LEFT JOIN LATERAL (SELECT e.version, e.leaf_hash FROM genjin.event e
                          WHERE e.workspace_id = p_workspace AND e.stream = c.stream
                          ORDER BY e.version DESC LIMIT 1) newest ON true;
    accepted := array_fill(true, ARRAY[cardinality(c_stream)]);
    result.outcomes := array_fill('appended'::text, ARRAY[cardinality(c_stream)]);

    IF result.versions <> c_expected OR true = ANY (forked) OR c_key IS NOT NULL OR c_claims IS NOT NULL THEN
        result.details := array_fill(NULL::text, ARRAY[cardinality(c_stream)]);
        IF c_key IS NOT NULL THEN
            known := ARRAY(SELECT (SELECT a.fingerprint FROM genjin.idempotent_answer a
                                    WHERE a.workspace_id = p_workspace AND a.actor_id = c.actor AND a.key = c.key)
                             FROM unnest(c_actor, c_key) WITH ORDINALITY AS c (actor, key, i) ORDER BY c.i);
        END IF;
        FOR i IN 1 .. cardinality(c_stream) LOOP
            IF known[i] IS NOT NULL THEN
                result.outcomes[i] := CASE WHEN known[i] = c_fingerprint[i] THEN 'duplicate' ELSE 'key_reused' END;
            ELSIF result.versions[i] <> c_expected[i] OR forked[i] THEN
                result.outcomes[i] := 'conflict';
            ELSIF c_claims[i] IS NOT NULL THEN
                result.details[i] := genjin.take_claims(p_workspace, c_stream[i], c_claims[i]);
                IF result.details[i] IS NOT NULL THEN
                    result.outcomes[i] := 'claim_taken';
                END IF;
            END IF;
            accepted[i] := result.outcomes[i] = 'appended';
        END LOOP;
    END IF;

    WITH written AS (
        INSERT INTO genjin.event (workspace_id, position, stream, version, id, type, schema_version, actor_id, actor_role,
                                  occurred_at, recorded_at, request_id, correlation_id, body, leaf_hash)
        SELECT p_workspace, told.position, c_stream[told.command], told.version, told.id, told.type, told.schema_version,
               c_actor[told.command], c_role[told.command], told.occurred_at, result.recorded_at, c_request[told.command],
               c_correlation[told.command], told.body, sha256('\x00'::bytea || convert_to(told.body, 'UTF8'))
          FROM (SELECT numbered.*,
                       numbered.head || '"position":' || numbered.position || between || numbered.tail
                       || ',"version":' || numbered.version || ending AS body
                  FROM (SELECT e.*, last + row_number() OVER (ORDER BY e.i) AS position,
                               c_expected[e.command] + e.place AS version
                          FROM unnest(e_command, e_offset, e_id, e_type, e_schema, e_occurred_at, e_head, e_tail) WITH ORDINALITY
                            AS e (command, place, id, type, schema_version, occurred_at, head, tail, i)
                         WHERE accepted[e.command]) numbered
                OFFSET 0) told
        RETURNING position, body, leaf_hash
    )
    SELECT max(w.position), array_agg(w.body ORDER BY w.position), array_agg(w.leaf_hash ORDER BY w.position),
           string_agg(w.leaf_hash, '' ORDER BY w.position)
      INTO new_last, result.bodies, result.leaf_hashes, leaves
      FROM written w;
    IF new_last IS NOT NULL THEN
        INSERT INTO genjin.commit (workspace_id, last_position, first_position, recorded_at, previous_hash, hash)
        VALUES (p_workspace, new_last, last + 1, result.recorded_at, head_hash,
                sha256(head_hash || int8send(last + 1) || int8send(new_last) || leaves));
    END IF;
    IF c_key IS NOT NULL THEN
        INSERT INTO genjin.idempotent_answer (workspace_id, actor_id, key, fingerprint, first_position, last_position, version,
                                              status, location, answer)
        SELECT p_workspace, c.actor, c.key, c.fingerprint, CASE WHEN c.events > 0 THEN c.behind - c.events + 1 END,
               CASE WHEN c.events > 0 THEN c.behind END, c.expected + c.events, c.status, c.location, c.answer
          FROM (SELECT c.*, last + sum(c.events) OVER (ORDER BY c.i) AS behind
                  FROM unnest(c_actor, c_key, c_fingerprint, c_status, c_location, c_answer, c_expected, c_events) WITH ORDINALITY
                    AS c (actor, key, fingerprint, status, location, answer, expected, events, i)
                 WHERE accepted[c.i]) c
         WHERE c.key IS NOT NULL;
    END IF;
    IF p_rows IS DISTINCT FROM NULL THEN  -- IS NOT NULL would ask that every table has rows
        PERFORM genjin.write_read_models(p_workspace, accepted, p_rows);
    END IF;
    RETURN result;
END
$$;

REVOKE EXECUTE ON FUNCTION genjin.append FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.append TO genjin_api, genjin_clock, genjin_delivery;
