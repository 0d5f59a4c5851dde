-- What a project was warned of; waiting: the persons who have not acknowledged it.
CREATE TABLE genjin.warning (
    workspace_id uuid   NOT NULL,
    project_id   uuid   NOT NULL,
    id           uuid   NOT NULL,
    waiting      uuid[] NOT NULL,
    body         jsonb  NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);
CREATE TYPE genjin.warning_row AS (
    command integer, project_id uuid, id uuid, waiting uuid[], body jsonb);
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE warning genjin.warning_row[] CASCADE;

-- Of one person: what waits for them. Few wait at any time, so they are looked through.
CREATE INDEX warning_waiting ON genjin.warning (workspace_id, id) WHERE waiting <> '{}';
