-- What was judged stands apart from the rest of what was given, and the revisions of forms are told only where something
-- was approved of them: else they are 0, for nothing depends on them. So there are fewer rows, and fewer that differ. The
-- rows that are there are written anew, each as a rebuild would write it.

ALTER TABLE genjin.project_standing ADD COLUMN judged text NOT NULL DEFAULT '';
ALTER TABLE genjin.project_standing_past ADD COLUMN judged text NOT NULL DEFAULT '';

-- given was {"judged":[…],"approved":[…],"forms":[…]}. A form in it begins ["key",copy,revision, and what is approved of a
-- form ends in an object of revisions.
ALTER TABLE genjin.project_standing
    ALTER COLUMN judged DROP DEFAULT,
    ALTER COLUMN judged TYPE text USING split_part(split_part(given, ',"approved":', 1), '{"judged":', 2),
    ALTER COLUMN given TYPE text USING '{"approved":' ||
        CASE WHEN split_part(split_part(given, ',"approved":', 2), ',"forms":', 1) LIKE '%{%'
             THEN split_part(given, ',"approved":', 2)
             ELSE regexp_replace(split_part(given, ',"approved":', 2), '(\["[^"]*",\d+),\d+,', '\1,0,', 'g') END;

ALTER TABLE genjin.project_standing_past
    ALTER COLUMN judged DROP DEFAULT,
    ALTER COLUMN judged TYPE text USING split_part(split_part(given, ',"approved":', 1), '{"judged":', 2),
    ALTER COLUMN given TYPE text USING '{"approved":' ||
        CASE WHEN split_part(split_part(given, ',"approved":', 2), ',"forms":', 1) LIKE '%{%'
             THEN split_part(given, ',"approved":', 2)
             ELSE regexp_replace(split_part(given, ',"approved":', 2), '(\["[^"]*",\d+),\d+,', '\1,0,', 'g') END;

-- Rows that tell nothing new any more.
DELETE FROM genjin.project_standing_past p
 USING (
    SELECT workspace_id, project_id, position,
           (ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency,
            expected_amount, holder_roles, holder_ids, given, judged)
           IS NOT DISTINCT FROM
           lag((ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency,
                expected_amount, holder_roles, holder_ids, given, judged))
           OVER (PARTITION BY workspace_id, project_id ORDER BY position) AS is_told
      FROM genjin.project_standing_past) AS row
 WHERE row.is_told AND p.workspace_id = row.workspace_id AND p.project_id = row.project_id AND p.position = row.position;

ALTER TYPE genjin.project_standing_row ADD ATTRIBUTE judged text;
ALTER TYPE genjin.project_standing_past_row ADD ATTRIBUTE judged text;

CREATE OR REPLACE FUNCTION genjin.write_project_standing_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_standing_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_standing (workspace_id, project_id, ordinal, stage, status, template_key,
        template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles,
        holder_ids, given, judged)
    SELECT p_workspace, r.project_id, r.ordinal, r.stage, r.status, r.template_key, r.template_version, r.entered_at,
           r.outcome, r.region, r.department, r.currency, r.expected_amount, r.holder_roles, r.holder_ids, r.given, r.judged
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, project_id) DO UPDATE SET
        (ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency,
         expected_amount, holder_roles, holder_ids, given, judged) =
        ROW(excluded.ordinal, excluded.stage, excluded.status, excluded.template_key, excluded.template_version,
            excluded.entered_at, excluded.outcome, excluded.region, excluded.department, excluded.currency,
            excluded.expected_amount, excluded.holder_roles, excluded.holder_ids, excluded.given, excluded.judged);
END
$$;

CREATE OR REPLACE FUNCTION genjin.write_project_standing_past_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.project_standing_past_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.project_standing_past (workspace_id, project_id, version, position, ordinal, stage, status,
        template_key, template_version, entered_at, outcome, region, department, currency, expected_amount,
        holder_roles, holder_ids, given, judged)
    SELECT p_workspace, r.project_id, r.version, e.position, r.ordinal, r.stage, r.status, r.template_key,
           r.template_version, r.entered_at, r.outcome, r.region, r.department, r.currency, r.expected_amount,
           r.holder_roles, r.holder_ids, r.given, r.judged
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;
