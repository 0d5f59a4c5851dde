-- A row of a project's nouns is a function of the state alone: the version of the commit that wrote it said nothing that
-- a reader could use, and a rebuild could not know it.
ALTER TABLE genjin.stage_visit DROP COLUMN version;
ALTER TABLE genjin.follow_up DROP COLUMN version;
ALTER TABLE genjin.form DROP COLUMN version;
ALTER TABLE genjin.requirement DROP COLUMN version;
ALTER TABLE genjin.change_request DROP COLUMN version;
ALTER TABLE genjin.risk DROP COLUMN version;
