-- Writes the read-model rows of commands, set by set: {"table": [row, ...]} each, no row in two of them. Called by append()
-- only, under the workspace's lock, so a row can only move forward.
CREATE OR REPLACE FUNCTION genjin.write_read_models(p_workspace uuid, p_rows jsonb[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    tables text[] := ARRAY(SELECT DISTINCT jsonb_object_keys(c) FROM unnest(p_rows) c);
BEGIN
    IF 'workspace' = ANY (tables) THEN
        INSERT INTO genjin.workspace
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.workspace, c->'workspace') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id) DO UPDATE SET
            (name, time_zone, version, created_at) =
            ROW(excluded.name, excluded.time_zone, excluded.version, excluded.created_at);
    END IF;
    IF 'person' = ANY (tables) THEN
        INSERT INTO genjin.person
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.person, c->'person') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, id) DO UPDATE SET
            (name, workspace_role, active, version, created_at) =
            ROW(excluded.name, excluded.workspace_role, excluded.active, excluded.version, excluded.created_at);
    END IF;
    IF 'api_key' = ANY (tables) THEN
        INSERT INTO genjin.api_key
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.api_key, c->'api_key') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, id) DO UPDATE SET
            (person_id, name, prefix, created_at, expires_at, revoked_at, version) =
            ROW(excluded.person_id, excluded.name, excluded.prefix, excluded.created_at,
                excluded.expires_at, excluded.revoked_at, excluded.version);
    END IF;
    IF 'project' = ANY (tables) THEN
        INSERT INTO genjin.project
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.project, c->'project') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, id) DO UPDATE SET
            (code, name, template_key, template_version, status, stage, outcome, region, department,
             expected_amount, currency, version, created_at, updated_at, body) =
            ROW(excluded.code, excluded.name, excluded.template_key, excluded.template_version,
                excluded.status, excluded.stage, excluded.outcome, excluded.region, excluded.department,
                excluded.expected_amount, excluded.currency, excluded.version, excluded.created_at,
                excluded.updated_at, excluded.body);
    END IF;
    IF 'stage_visit' = ANY (tables) THEN
        INSERT INTO genjin.stage_visit
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.stage_visit, c->'stage_visit') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, ordinal) DO UPDATE SET
            (stage, number, entered_at, left_at, body) =
            ROW(excluded.stage, excluded.number, excluded.entered_at, excluded.left_at, excluded.body);
    END IF;
    IF 'follow_up' = ANY (tables) THEN
        INSERT INTO genjin.follow_up
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.follow_up, c->'follow_up') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
            (stage, role, owner_id, due_on, status, body) =
            ROW(excluded.stage, excluded.role, excluded.owner_id, excluded.due_on, excluded.status,
                excluded.body);
    END IF;
    IF 'form' = ANY (tables) THEN
        INSERT INTO genjin.form
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.form, c->'form') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, form, copy) DO UPDATE SET
            (state, revision, body) =
            ROW(excluded.state, excluded.revision, excluded.body);
    END IF;
    IF 'requirement' = ANY (tables) THEN
        INSERT INTO genjin.requirement
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.requirement, c->'requirement') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
            (priority, status, body) =
            ROW(excluded.priority, excluded.status, excluded.body);
    END IF;
    IF 'change_request' = ANY (tables) THEN
        INSERT INTO genjin.change_request
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.change_request, c->'change_request') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
            (status, body) =
            ROW(excluded.status, excluded.body);
    END IF;
    IF 'risk' = ANY (tables) THEN
        INSERT INTO genjin.risk
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.risk, c->'risk') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
            (category, status, score, band, owner_id, body) =
            ROW(excluded.category, excluded.status, excluded.score, excluded.band, excluded.owner_id,
                excluded.body);
    END IF;
    IF 'webhook_subscription' = ANY (tables) THEN
        INSERT INTO genjin.webhook_subscription
        SELECT r.* FROM unnest(p_rows) c, jsonb_populate_recordset(NULL::genjin.webhook_subscription, c->'webhook_subscription') r
         WHERE r.workspace_id = p_workspace
        ON CONFLICT (workspace_id, id) DO UPDATE SET
            (url, event_types, description, active, deleted, start_position, created_by,
             version, created_at, updated_at, phrase) =
            ROW(excluded.url, excluded.event_types, excluded.description, excluded.active, excluded.deleted,
                excluded.start_position, excluded.created_by, excluded.version,
                excluded.created_at, excluded.updated_at, excluded.phrase);
    END IF;
    IF 'api_key_secret' = ANY (tables) THEN
        INSERT INTO genjin.api_key_secret (workspace_id, key_id, hash)
        SELECT p_workspace, (r->>'key_id')::uuid, decode(r->>'hash', 'hex')
          FROM unnest(p_rows) c, jsonb_array_elements(c->'api_key_secret') r;
    END IF;
    IF 'webhook_secret' = ANY (tables) THEN
        INSERT INTO genjin.webhook_secret (workspace_id, subscription_id, sealed)
        SELECT p_workspace, (r->>'subscription_id')::uuid, r->>'sealed'
          FROM unnest(p_rows) c, jsonb_array_elements(c->'webhook_secret') r;
    END IF;
END
$$;
