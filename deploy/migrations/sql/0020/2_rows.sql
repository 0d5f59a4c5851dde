-- Rows of what reports count, on their way into the log's commit. Where a table has positions, a row's is that of the event
-- with its version.
CREATE TYPE genjin.stage_entry_row AS (
    command integer, project_id uuid, ordinal integer, version integer, stage text, template_key text,
    template_version integer, number integer, entered_at timestamptz, first_entered_at timestamptz,
    created_at timestamptz);
CREATE TYPE genjin.stage_exit_row AS (
    command integer, project_id uuid, ordinal integer, version integer, stage text, template_key text,
    template_version integer, left_at timestamptz, left_by text, passed boolean, override_role text, outcome text);
CREATE TYPE genjin.suspension_row AS (
    command integer, project_id uuid, version integer, since timestamptz, ended_at timestamptz);
CREATE TYPE genjin.judgement_row AS (
    command integer, project_id uuid, version integer, ordinal integer, stage text, template_key text,
    template_version integer, role text, person_id uuid, verdict text, first_word boolean, others text,
    judged_at timestamptz);
CREATE TYPE genjin.follow_up_past_row AS (
    command integer, project_id uuid, id uuid, version integer, role text, owner_id uuid, due_on date, status text);
CREATE TYPE genjin.project_standing_row AS (
    command integer, project_id uuid, ordinal integer, stage text, status text, template_key text,
    template_version integer, entered_at timestamptz, outcome text, region text, department text, currency text,
    expected_amount numeric, holder_roles text[], holder_ids uuid[], given text);
CREATE TYPE genjin.project_standing_past_row AS (
    command integer, project_id uuid, version integer, ordinal integer, stage text, status text, template_key text,
    template_version integer, entered_at timestamptz, outcome text, region text, department text, currency text,
    expected_amount numeric, holder_roles text[], holder_ids uuid[], given text);

ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE stage_entry genjin.stage_entry_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE stage_exit genjin.stage_exit_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE suspension genjin.suspension_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE judgement genjin.judgement_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE follow_up_past genjin.follow_up_past_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE project_standing genjin.project_standing_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE project_standing_past genjin.project_standing_past_row[] CASCADE;
