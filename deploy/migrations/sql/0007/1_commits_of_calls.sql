-- A commit is one call of append(), whatever streams it wrote on.
ALTER TABLE genjin.commit DROP COLUMN stream;

DROP FUNCTION genjin.append;
DROP FUNCTION genjin.write_read_models;
DROP TYPE genjin.append_result;
