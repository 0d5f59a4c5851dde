-- Rows of the inline read models on their way into the log's commit, one type per table: its columns without the workspace.
-- command says whose row it is, by its place in the call. They are types of their own, not the tables' row types, so that a
-- table may be replaced by a rebuilt one.
CREATE TYPE genjin.workspace_row AS (
    command integer, name text, time_zone text, version integer, created_at timestamptz);
CREATE TYPE genjin.person_row AS (
    command integer, id uuid, name text, workspace_role text, active boolean, version integer, created_at timestamptz);
CREATE TYPE genjin.api_key_row AS (
    command integer, id uuid, person_id uuid, name text, prefix text, created_at timestamptz, expires_at timestamptz,
    revoked_at timestamptz, version integer);
CREATE TYPE genjin.project_row AS (
    command integer, id uuid, code text, name text, template_key text, template_version integer, status text, stage text,
    outcome text, region text, department text, expected_amount numeric, currency text, version integer,
    created_at timestamptz, updated_at timestamptz, body jsonb);
-- Its position is that of the event with this version.
CREATE TYPE genjin.project_past_row AS (
    command integer, id uuid, version integer, code text, name text, template_key text, template_version integer,
    status text, stage text, outcome text, region text, department text, expected_amount numeric, currency text,
    created_at timestamptz);
CREATE TYPE genjin.stage_visit_row AS (
    command integer, project_id uuid, ordinal integer, stage text, number integer, entered_at timestamptz,
    left_at timestamptz, body jsonb);
CREATE TYPE genjin.follow_up_row AS (
    command integer, project_id uuid, id uuid, stage text, role text, owner_id uuid, due_on date, status text, body jsonb);
CREATE TYPE genjin.form_row AS (
    command integer, project_id uuid, form text, copy integer, state text, revision integer, body jsonb);
CREATE TYPE genjin.requirement_row AS (
    command integer, project_id uuid, id uuid, priority text, status text, body jsonb);
CREATE TYPE genjin.change_request_row AS (
    command integer, project_id uuid, id uuid, status text, body jsonb);
CREATE TYPE genjin.risk_row AS (
    command integer, project_id uuid, id uuid, category text, status text, score integer, band text, owner_id uuid,
    body jsonb);
CREATE TYPE genjin.webhook_subscription_row AS (
    command integer, id uuid, url text, event_types text[], description text, active boolean, deleted boolean,
    start_position bigint, created_by uuid, version integer, created_at timestamptz, updated_at timestamptz,
    phrase text);
CREATE TYPE genjin.api_key_secret_row AS (command integer, key_id uuid, hash bytea);
CREATE TYPE genjin.webhook_secret_row AS (command integer, subscription_id uuid, sealed text);

-- The rows of one call. A table that has none is null.
CREATE TYPE genjin.read_model_rows AS (
    workspace            genjin.workspace_row[],
    person               genjin.person_row[],
    api_key              genjin.api_key_row[],
    project              genjin.project_row[],
    project_past         genjin.project_past_row[],
    stage_visit          genjin.stage_visit_row[],
    follow_up            genjin.follow_up_row[],
    form                 genjin.form_row[],
    requirement          genjin.requirement_row[],
    change_request       genjin.change_request_row[],
    risk                 genjin.risk_row[],
    webhook_subscription genjin.webhook_subscription_row[],
    api_key_secret       genjin.api_key_secret_row[],
    webhook_secret       genjin.webhook_secret_row[]
);
