-- No account stands above itself, and at most 20 above one: looked at where the row is written, under the log's lock, so that
-- two moves at once cannot make together what each alone would not. Who gets the error decides again, on what is there then.
CREATE FUNCTION genjin.check_account_tree(p_workspace uuid, p_account uuid) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    above integer;
    below integer := 0;
BEGIN
    -- Who finds more than 20 has come round, or stands too deep.
    WITH RECURSIVE up (id, steps) AS (
        SELECT p_account, 0
        UNION ALL
        SELECT a.parent_id, up.steps + 1
          FROM up JOIN genjin.account a ON a.workspace_id = p_workspace AND a.id = up.id
         WHERE a.parent_id IS NOT NULL AND up.steps <= 20
    )
    SELECT max(steps) INTO above FROM up;
    IF above <= 20 THEN
        WITH RECURSIVE down (id, steps) AS (
            SELECT p_account, 0
            UNION ALL
            SELECT a.id, down.steps + 1
              FROM down JOIN genjin.account a ON a.workspace_id = p_workspace AND a.parent_id = down.id
             WHERE down.steps <= 20
        )
        SELECT max(steps) INTO below FROM down;
    END IF;
    IF above + below > 20 THEN
        RAISE EXCEPTION USING ERRCODE = 'check_violation', SCHEMA = 'genjin', TABLE = 'account', CONSTRAINT = 'account_tree',
                              MESSAGE = 'an account would stand above itself, or too deep';
    END IF;
END
$$;
REVOKE EXECUTE ON FUNCTION genjin.check_account_tree FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.check_account_tree TO genjin_api;

-- The same function, but for the look at accounts that are moved. A new one has nobody below it, and rows that are built anew
-- out of the log are new.
CREATE OR REPLACE FUNCTION genjin.write_account_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.account_row[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moved uuid[];
BEGIN
    moved := ARRAY(SELECT r.id FROM unnest(p_rows) r JOIN genjin.account a ON a.workspace_id = p_workspace AND a.id = r.id
                    WHERE p_accepted[r.command] AND r.parent_id IS NOT NULL AND r.parent_id IS DISTINCT FROM a.parent_id);
    INSERT INTO genjin.account (workspace_id, id, name, region, industry, parent_id, status, version, body)
    SELECT p_workspace, r.id, r.name, r.region, r.industry, r.parent_id, r.status, r.version, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (name, region, industry, parent_id, status, version, body) =
        ROW(excluded.name, excluded.region, excluded.industry, excluded.parent_id, excluded.status, excluded.version,
            excluded.body);
    PERFORM genjin.check_account_tree(p_workspace, m) FROM unnest(moved) m;
END
$$;
