-- Who left a stage is told with what is known of its entering, so that reports of a whole portfolio count exits without
-- looking their entries up. entered_template: by whose rules the visit began, which a migration may have changed since.

ALTER TABLE genjin.stage_exit
    ADD COLUMN number integer,
    ADD COLUMN entered_at timestamptz,
    ADD COLUMN first_entered_at timestamptz,
    ADD COLUMN created_at timestamptz,
    ADD COLUMN entered_template_key text,
    ADD COLUMN entered_template_version integer;

UPDATE genjin.stage_exit x
   SET (number, entered_at, first_entered_at, created_at, entered_template_key, entered_template_version) =
       ROW(e.number, e.entered_at, e.first_entered_at, e.created_at, e.template_key, e.template_version)
  FROM genjin.stage_entry e
 WHERE e.workspace_id = x.workspace_id AND e.project_id = x.project_id AND e.ordinal = x.ordinal;

-- Of a project older than these tables, whose entry was never told: a rebuild of the projections tells both.
DELETE FROM genjin.stage_exit WHERE entered_at IS NULL;

ALTER TABLE genjin.stage_exit
    ALTER COLUMN number SET NOT NULL,
    ALTER COLUMN entered_at SET NOT NULL,
    ALTER COLUMN first_entered_at SET NOT NULL,
    ALTER COLUMN created_at SET NOT NULL,
    ALTER COLUMN entered_template_key SET NOT NULL,
    ALTER COLUMN entered_template_version SET NOT NULL;

CREATE INDEX stage_exit_by_first ON genjin.stage_exit (workspace_id, first_entered_at);

ALTER TYPE genjin.stage_exit_row
    ADD ATTRIBUTE number integer,
    ADD ATTRIBUTE entered_at timestamptz,
    ADD ATTRIBUTE first_entered_at timestamptz,
    ADD ATTRIBUTE created_at timestamptz,
    ADD ATTRIBUTE entered_template_key text,
    ADD ATTRIBUTE entered_template_version integer;

CREATE OR REPLACE FUNCTION genjin.write_stage_exit_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.stage_exit_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.stage_exit (workspace_id, project_id, ordinal, version, position, stage, template_key,
        template_version, left_at, left_by, passed, override_role, outcome, number, entered_at, first_entered_at,
        created_at, entered_template_key, entered_template_version)
    SELECT p_workspace, r.project_id, r.ordinal, r.version, e.position, r.stage, r.template_key, r.template_version,
           r.left_at, r.left_by, r.passed, r.override_role, r.outcome, r.number, r.entered_at, r.first_entered_at,
           r.created_at, r.entered_template_key, r.entered_template_version
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;
