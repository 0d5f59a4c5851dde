-- Points in a log: from a time to a position, from a position to a stream's version.

-- The log's last position recorded at or before a time; 0: none. Null when the time has not passed yet.
-- Recorded times never go back, so below the head's time all is told. At or after it, somebody may be appending who has
-- taken the time already: the shared lock waits until that shows, and whoever comes later takes a later time.
CREATE FUNCTION genjin.position_at(p_workspace uuid, p_time timestamptz) RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head_time timestamptz;
BEGIN
    IF p_time >= clock_timestamp() THEN
        RETURN NULL;
    END IF;
    SELECT c.recorded_at INTO head_time FROM genjin.commit c
     WHERE c.workspace_id = p_workspace ORDER BY c.last_position DESC LIMIT 1;
    IF head_time IS NULL OR head_time <= p_time THEN
        PERFORM pg_advisory_xact_lock_shared(hashtextextended(p_workspace::text, 7001));
    END IF;
    RETURN coalesce((SELECT c.last_position FROM genjin.commit c
                      WHERE c.workspace_id = p_workspace AND c.recorded_at <= p_time
                      ORDER BY c.recorded_at DESC, c.last_position DESC LIMIT 1), 0);
END
$$;

-- The version of a stream's last event at or below a position; 0: its first event came later. Null: no such stream.
-- Positions rise with versions, so the place is found by halving.
CREATE FUNCTION genjin.version_at(p_workspace uuid, p_stream text, p_position bigint) RETURNS integer
LANGUAGE plpgsql STABLE AS $$
DECLARE
    low    integer := 0;
    high   integer;
    middle integer;
    found_position bigint;
BEGIN
    SELECT e.version, e.position INTO high, found_position FROM genjin.event e
     WHERE e.workspace_id = p_workspace AND e.stream = p_stream ORDER BY e.version DESC LIMIT 1;
    IF high IS NULL OR found_position <= p_position THEN
        RETURN high;
    END IF;
    WHILE high - low > 1 LOOP
        middle := (low + high) / 2;
        SELECT e.position INTO found_position FROM genjin.event e
         WHERE e.workspace_id = p_workspace AND e.stream = p_stream AND e.version = middle;
        IF found_position <= p_position THEN
            low := middle;
        ELSE
            high := middle;
        END IF;
    END LOOP;
    RETURN low;
END
$$;

REVOKE EXECUTE ON FUNCTION genjin.position_at, genjin.version_at FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.position_at, genjin.version_at TO genjin_api;
