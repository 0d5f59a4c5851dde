-- Rows of the registers on their way into the log's commit.
CREATE TYPE genjin.milestone_row AS (
    command integer, project_id uuid, id uuid, key text, stage text, status text, due_on date, set_by uuid, body jsonb);
CREATE TYPE genjin.metric_row AS (
    command integer, project_id uuid, metric text, value double precision, recorded_on date, body jsonb);
-- Its position is that of the event with this version.
CREATE TYPE genjin.metric_value_row AS (
    command integer, project_id uuid, metric text, recorded_on date, version integer, value double precision, body jsonb);
CREATE TYPE genjin.finding_row AS (
    command integer, project_id uuid, id uuid, severity text, stage text, status text, due_on date, responsible_id uuid,
    body jsonb);

ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE milestone genjin.milestone_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE metric genjin.metric_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE metric_value genjin.metric_value_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE finding genjin.finding_row[] CASCADE;
