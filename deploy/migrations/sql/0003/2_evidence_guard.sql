-- The grants keep the services from changing evidence; these keep the tables' owner from it.
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.evidence_tile
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.evidence_tile
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.log_key
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.log_key
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.signed_checkpoint
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.signed_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
