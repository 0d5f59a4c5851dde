-- One function for each table of the read models, as those of 0016.

CREATE FUNCTION genjin.write_account_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.account_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.account (workspace_id, id, name, region, industry, parent_id, status, version, body)
    SELECT p_workspace, r.id, r.name, r.region, r.industry, r.parent_id, r.status, r.version, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (name, region, industry, parent_id, status, version, body) =
        ROW(excluded.name, excluded.region, excluded.industry, excluded.parent_id, excluded.status, excluded.version,
            excluded.body);
END
$$;

CREATE FUNCTION genjin.write_contact_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.contact_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.contact (workspace_id, id, account_id, subject_id, status, created_by, version, body)
    SELECT p_workspace, r.id, r.account_id, r.subject_id, r.status, r.created_by, r.version, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (account_id, subject_id, status, created_by, version, body) =
        ROW(excluded.account_id, excluded.subject_id, excluded.status, excluded.created_by, excluded.version,
            excluded.body);
END
$$;

CREATE FUNCTION genjin.write_project_account_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_account_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_account (workspace_id, project_id, account_id)
    SELECT p_workspace, r.project_id, r.account_id
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id) DO UPDATE SET account_id = excluded.account_id;
END
$$;

CREATE FUNCTION genjin.write_stakeholder_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.stakeholder_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.stakeholder (workspace_id, project_id, id, subject_id, status, body)
    SELECT p_workspace, r.project_id, r.id, r.subject_id, r.status, r.body
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id, id) DO UPDATE SET
        (subject_id, status, body) =
        ROW(excluded.subject_id, excluded.status, excluded.body);
END
$$;
