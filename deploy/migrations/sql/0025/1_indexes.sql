-- Stages that a project came to again: few beside all, and what reports put together of several visits.
CREATE INDEX stage_entry_again ON genjin.stage_entry (workspace_id, project_id, stage) WHERE number > 1;
