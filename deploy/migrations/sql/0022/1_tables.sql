-- Customer organisations.
CREATE TABLE genjin.account (
    workspace_id uuid    NOT NULL,
    id           uuid    NOT NULL,
    name         text    NOT NULL,
    region       text,
    industry     text,
    parent_id    uuid,
    status       text    NOT NULL,
    version      integer NOT NULL,
    body         jsonb   NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX account_by_parent ON genjin.account (workspace_id, parent_id) WHERE parent_id IS NOT NULL;
CREATE TYPE genjin.account_row AS (
    command integer, id uuid, name text, region text, industry text, parent_id uuid, status text, version integer,
    body jsonb);

-- Their people. Who they are is sealed in the body; subject_id is whose key it is sealed under.
CREATE TABLE genjin.contact (
    workspace_id uuid    NOT NULL,
    id           uuid    NOT NULL,
    account_id   uuid    NOT NULL,
    subject_id   uuid    NOT NULL,
    status       text    NOT NULL,
    created_by   uuid    NOT NULL,
    version      integer NOT NULL,
    body         jsonb   NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX contact_by_account ON genjin.contact (workspace_id, account_id, id);
CREATE INDEX contact_by_subject ON genjin.contact (workspace_id, subject_id, id);
CREATE TYPE genjin.contact_row AS (
    command integer, id uuid, account_id uuid, subject_id uuid, status text, created_by uuid, version integer, body jsonb);

-- Which account a project is about; null: no longer one.
CREATE TABLE genjin.project_account (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    account_id   uuid,
    PRIMARY KEY (workspace_id, project_id)
);
CREATE INDEX project_account_by_account ON genjin.project_account (workspace_id, account_id, project_id);
CREATE TYPE genjin.project_account_row AS (command integer, project_id uuid, account_id uuid);

-- The people inside the customer of a project: id is the contact's. Attitudes are sealed in the body.
CREATE TABLE genjin.stakeholder (
    workspace_id uuid  NOT NULL,
    project_id   uuid  NOT NULL,
    id           uuid  NOT NULL,
    subject_id   uuid  NOT NULL,
    status       text  NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);
CREATE INDEX stakeholder_by_contact ON genjin.stakeholder (workspace_id, id);
CREATE INDEX stakeholder_by_subject ON genjin.stakeholder (workspace_id, subject_id, project_id);
CREATE TYPE genjin.stakeholder_row AS (
    command integer, project_id uuid, id uuid, subject_id uuid, status text, body jsonb);

ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE account genjin.account_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE contact genjin.contact_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE project_account genjin.project_account_row[] CASCADE;
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE stakeholder genjin.stakeholder_row[] CASCADE;
