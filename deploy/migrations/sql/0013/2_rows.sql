-- Rows of the registers on their way into the log's commit.
CREATE TYPE genjin.milestone_row AS (
    command integer, project_id uuid, id uuid, key text, stage text, status text, due_on date, set_by uuid, body jsonb);

ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE milestone genjin.milestone_row[] CASCADE;
