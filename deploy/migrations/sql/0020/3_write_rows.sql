-- One function for each table, as of the others.

CREATE FUNCTION genjin.write_stage_entry_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.stage_entry_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.stage_entry (workspace_id, project_id, ordinal, version, position, stage, template_key,
        template_version, number, entered_at, first_entered_at, created_at)
    SELECT p_workspace, r.project_id, r.ordinal, r.version, e.position, r.stage, r.template_key, r.template_version,
           r.number, r.entered_at, r.first_entered_at, r.created_at
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_stage_exit_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.stage_exit_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.stage_exit (workspace_id, project_id, ordinal, version, position, stage, template_key,
        template_version, left_at, left_by, passed, override_role, outcome)
    SELECT p_workspace, r.project_id, r.ordinal, r.version, e.position, r.stage, r.template_key, r.template_version,
           r.left_at, r.left_by, r.passed, r.override_role, r.outcome
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_suspension_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.suspension_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.suspension (workspace_id, project_id, version, position, since, ended_at)
    SELECT p_workspace, r.project_id, r.version, e.position, r.since, r.ended_at
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_judgement_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.judgement_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.judgement (workspace_id, project_id, version, position, ordinal, stage, template_key,
        template_version, role, person_id, verdict, first_word, others, judged_at)
    SELECT p_workspace, r.project_id, r.version, e.position, r.ordinal, r.stage, r.template_key, r.template_version,
           r.role, r.person_id, r.verdict, r.first_word, r.others, r.judged_at
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_follow_up_past_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.follow_up_past_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.follow_up_past (workspace_id, project_id, id, version, position, role, owner_id, due_on, status)
    SELECT p_workspace, r.project_id, r.id, r.version, e.position, r.role, r.owner_id, r.due_on, r.status
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;

CREATE FUNCTION genjin.write_project_standing_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_standing_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_standing (workspace_id, project_id, ordinal, stage, status, template_key,
        template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles,
        holder_ids, given)
    SELECT p_workspace, r.project_id, r.ordinal, r.stage, r.status, r.template_key, r.template_version, r.entered_at,
           r.outcome, r.region, r.department, r.currency, r.expected_amount, r.holder_roles, r.holder_ids, r.given
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id) DO UPDATE SET
        (ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency,
         expected_amount, holder_roles, holder_ids, given) =
        ROW(excluded.ordinal, excluded.stage, excluded.status, excluded.template_key, excluded.template_version,
            excluded.entered_at, excluded.outcome, excluded.region, excluded.department, excluded.currency,
            excluded.expected_amount, excluded.holder_roles, excluded.holder_ids, excluded.given);
END
$$;

CREATE FUNCTION genjin.write_project_standing_past_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_standing_past_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_standing_past (workspace_id, project_id, version, position, ordinal, stage, status,
        template_key, template_version, entered_at, outcome, region, department, currency, expected_amount,
        holder_roles, holder_ids, given)
    SELECT p_workspace, r.project_id, r.version, e.position, r.ordinal, r.stage, r.status, r.template_key,
           r.template_version, r.entered_at, r.outcome, r.region, r.department, r.currency, r.expected_amount,
           r.holder_roles, r.holder_ids, r.given
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;
