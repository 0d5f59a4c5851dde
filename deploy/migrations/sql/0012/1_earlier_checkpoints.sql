-- The newest checkpoints that were signed of a log where it was before, one of each place: number 1, 2, 3 ... The keys
-- that signed them are not here. Written as the log is brought in; every export takes them along.
CREATE TABLE genjin.earlier_checkpoint (
    workspace_id uuid    NOT NULL,
    number       integer NOT NULL CHECK (number > 0),
    size         bigint  NOT NULL CHECK (size > 0),
    note         text    NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.earlier_checkpoint
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.earlier_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();

GRANT SELECT, INSERT ON genjin.earlier_checkpoint TO genjin_api;
