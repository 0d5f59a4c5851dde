-- What people said of a project's health, each word with the position that it holds from until the next.
CREATE TABLE genjin.health_assessment (
    workspace_id uuid    NOT NULL,
    project_id   uuid    NOT NULL,
    version      integer NOT NULL,
    position     bigint  NOT NULL,
    level        text    NOT NULL,
    PRIMARY KEY (workspace_id, project_id, position)
);
-- The projects of which a level was ever said.
CREATE INDEX health_assessment_by_level ON genjin.health_assessment (workspace_id, level, project_id, position);
CREATE TYPE genjin.health_assessment_row AS (command integer, project_id uuid, version integer, level text);
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE health_assessment genjin.health_assessment_row[] CASCADE;

-- What was said before the table was there.
INSERT INTO genjin.health_assessment (workspace_id, project_id, version, position, level)
SELECT workspace_id, substr(stream, length('project-') + 1)::uuid, version, position, body::jsonb #>> '{data,level}'
  FROM genjin.event
 WHERE type = 'health.assessed';

CREATE FUNCTION genjin.write_health_assessment_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.health_assessment_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.health_assessment (workspace_id, project_id, version, position, level)
    SELECT p_workspace, r.project_id, r.version, e.position, r.level
      FROM unnest(p_rows) r
      JOIN genjin.event e
        ON e.workspace_id = p_workspace AND e.stream = 'project-' || r.project_id AND e.version = r.version
     WHERE p_accepted[r.command];
END
$$;
