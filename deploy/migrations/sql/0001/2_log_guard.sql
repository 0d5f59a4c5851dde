-- The second lock on the door: grants keep the services out, this keeps the table owner out.
CREATE FUNCTION genjin.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'genjin.% is insert-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.event
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.event
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.commit
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.commit
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.idempotent_answer
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.idempotent_answer
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();
