-- Workspaces in which every project has all its rows in genjin.project_past. Once so it stays so: append() adds a row with
-- each event that needs one. Without a row here the projects are looked through when the list of the past is asked for.
CREATE TABLE genjin.project_past_complete (
    workspace_id uuid        NOT NULL PRIMARY KEY,
    since        timestamptz NOT NULL DEFAULT now()
);

GRANT SELECT, INSERT ON genjin.project_past_complete TO genjin_api;
