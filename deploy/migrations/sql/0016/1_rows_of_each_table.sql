-- One function for each table of the read models: it writes the rows of the commands that were accepted, in one statement.
-- Called by write_read_models() alone, which sets how they are planned, and so by append() under the workspace's lock: a row
-- can only move forward. No two rows of a call are the same row: each is of one stream, and a stream is in a call once.

CREATE FUNCTION genjin.write_workspace_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.workspace_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.workspace (workspace_id, name, time_zone, version, created_at)
    SELECT p_workspace, r.name, r.time_zone, r.version, r.created_at
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id) DO UPDATE SET
        (name, time_zone, version, created_at) =
        ROW(excluded.name, excluded.time_zone, excluded.version, excluded.created_at);
END
$$;

CREATE FUNCTION genjin.write_person_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.person_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.person (workspace_id, id, name, workspace_role, active, version, created_at)
    SELECT p_workspace, r.id, r.name, r.workspace_role, r.active, r.version, r.created_at
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (name, workspace_role, active, version, created_at) =
        ROW(excluded.name, excluded.workspace_role, excluded.active, excluded.version, excluded.created_at);
END
$$;

CREATE FUNCTION genjin.write_api_key_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.api_key_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.api_key (workspace_id, id, person_id, name, prefix, created_at, expires_at, revoked_at,
        version)
    SELECT p_workspace, r.id, r.person_id, r.name, r.prefix, r.created_at, r.expires_at, r.revoked_at, r.version
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (person_id, name, prefix, created_at, expires_at, revoked_at, version) =
        ROW(excluded.person_id, excluded.name, excluded.prefix, excluded.created_at, excluded.expires_at,
            excluded.revoked_at, excluded.version);
END
$$;

CREATE FUNCTION genjin.write_project_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project (workspace_id, id, code, name, template_key, template_version, status, stage,
        outcome, region, department, expected_amount, currency, version, created_at, updated_at, body)
    SELECT p_workspace, r.id, r.code, r.name, r.template_key, r.template_version, r.status, r.stage, r.outcome,
           r.region, r.department, r.expected_amount, r.currency, r.version, r.created_at, r.updated_at, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (code, name, template_key, template_version, status, stage, outcome, region, department,
         expected_amount, currency, version, created_at, updated_at, body) =
        ROW(excluded.code, excluded.name, excluded.template_key, excluded.template_version, excluded.status,
            excluded.stage, excluded.outcome, excluded.region, excluded.department,
            excluded.expected_amount, excluded.currency, excluded.version, excluded.created_at,
            excluded.updated_at, excluded.body);
END
$$;

-- append() has inserted the events, so a row's position is that of the event that made it.
CREATE FUNCTION genjin.write_project_past_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_past_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_past (workspace_id, id, version, position, code, name, template_key, template_version,
        status, stage, outcome, region, department, expected_amount, currency, created_at)
    SELECT p_workspace, r.id, r.version, e.position, r.code, r.name, r.template_key, r.template_version, r.status,
           r.stage, r.outcome, r.region, r.department, r.expected_amount, r.currency, r.created_at
      FROM unnest(p_rows) r
      JOIN genjin.event e ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_stage_visit_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.stage_visit_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.stage_visit (workspace_id, project_id, ordinal, stage, number, entered_at, left_at, body)
    SELECT p_workspace, r.project_id, r.ordinal, r.stage, r.number, r.entered_at, r.left_at, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, ordinal) DO UPDATE SET
        (stage, number, entered_at, left_at, body) =
        ROW(excluded.stage, excluded.number, excluded.entered_at, excluded.left_at, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_follow_up_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.follow_up_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.follow_up (workspace_id, project_id, id, stage, role, owner_id, due_on, status, body)
    SELECT p_workspace, r.project_id, r.id, r.stage, r.role, r.owner_id, r.due_on, r.status, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (stage, role, owner_id, due_on, status, body) =
        ROW(excluded.stage, excluded.role, excluded.owner_id, excluded.due_on, excluded.status, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_form_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.form_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.form (workspace_id, project_id, form, copy, state, revision, body)
    SELECT p_workspace, r.project_id, r.form, r.copy, r.state, r.revision, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, form, copy) DO UPDATE SET
        (state, revision, body) =
        ROW(excluded.state, excluded.revision, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_requirement_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.requirement_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.requirement (workspace_id, project_id, id, priority, status, body)
    SELECT p_workspace, r.project_id, r.id, r.priority, r.status, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (priority, status, body) =
        ROW(excluded.priority, excluded.status, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_change_request_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.change_request_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.change_request (workspace_id, project_id, id, status, body)
    SELECT p_workspace, r.project_id, r.id, r.status, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (status, body) =
        ROW(excluded.status, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_risk_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.risk_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.risk (workspace_id, project_id, id, category, status, score, band, owner_id, body)
    SELECT p_workspace, r.project_id, r.id, r.category, r.status, r.score, r.band, r.owner_id, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (category, status, score, band, owner_id, body) =
        ROW(excluded.category, excluded.status, excluded.score, excluded.band, excluded.owner_id, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_milestone_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.milestone_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.milestone (workspace_id, project_id, id, key, stage, status, due_on, set_by, body)
    SELECT p_workspace, r.project_id, r.id, r.key, r.stage, r.status, r.due_on, r.set_by, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (key, stage, status, due_on, set_by, body) =
        ROW(excluded.key, excluded.stage, excluded.status, excluded.due_on, excluded.set_by, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_metric_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.metric_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.metric (workspace_id, project_id, metric, value, recorded_on, body)
    SELECT p_workspace, r.project_id, r.metric, r.value, r.recorded_on, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, metric) DO UPDATE SET
        (value, recorded_on, body) =
        ROW(excluded.value, excluded.recorded_on, excluded.body);
END
$$;

CREATE FUNCTION genjin.write_metric_value_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.metric_value_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.metric_value (workspace_id, project_id, metric, recorded_on, version, position, value, body)
    SELECT p_workspace, r.project_id, r.metric, r.recorded_on, r.version, e.position, r.value, r.body
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_finding_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.finding_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.finding (workspace_id, project_id, id, severity, stage, status, due_on, responsible_id, body)
    SELECT p_workspace, r.project_id, r.id, r.severity, r.stage, r.status, r.due_on, r.responsible_id, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (severity, stage, status, due_on, responsible_id, body) =
        ROW(excluded.severity, excluded.stage, excluded.status, excluded.due_on, excluded.responsible_id,
            excluded.body);
END
$$;

CREATE FUNCTION genjin.write_webhook_subscription_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.webhook_subscription_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.webhook_subscription (workspace_id, id, url, event_types, description, active, deleted,
        start_position, created_by, version, created_at, updated_at, phrase)
    SELECT p_workspace, r.id, r.url, r.event_types, r.description, r.active, r.deleted, r.start_position,
           r.created_by, r.version, r.created_at, r.updated_at, r.phrase
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (url, event_types, description, active, deleted, start_position, created_by, version, created_at,
         updated_at, phrase) =
        ROW(excluded.url, excluded.event_types, excluded.description, excluded.active, excluded.deleted,
            excluded.start_position, excluded.created_by, excluded.version, excluded.created_at,
            excluded.updated_at, excluded.phrase);
END
$$;

CREATE FUNCTION genjin.write_api_key_secret_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.api_key_secret_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.api_key_secret (workspace_id, key_id, hash)
    SELECT p_workspace, r.key_id, r.hash
      FROM unnest(p_rows) r WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_webhook_secret_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.webhook_secret_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.webhook_secret (workspace_id, subscription_id, sealed)
    SELECT p_workspace, r.subscription_id, r.sealed
      FROM unnest(p_rows) r WHERE p_accepted[r.command];
END
$$;

-- A subject's row is its erasure: its key goes in the same commit.
CREATE FUNCTION genjin.write_subject_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.subject_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.subject (workspace_id, id, reason, erased_at, erased_by, version)
    SELECT p_workspace, r.id, r.reason, r.erased_at, r.erased_by, r.version
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (reason, erased_at, erased_by, version) =
        ROW(excluded.reason, excluded.erased_at, excluded.erased_by, excluded.version);
    PERFORM genjin_keys.destroy(p_workspace, ARRAY(
        SELECT r.id FROM unnest(p_rows) r WHERE p_accepted[r.command]));
END
$$;

CREATE FUNCTION genjin.write_document_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.document_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.document (workspace_id, project_id, id, document, status, sha256, body)
    SELECT p_workspace, r.project_id, r.id, r.document, r.status, r.sha256, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (document, status, sha256, body) =
        ROW(excluded.document, excluded.status, excluded.sha256, excluded.body);
END
$$;
