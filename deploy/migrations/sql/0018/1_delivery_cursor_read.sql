-- How far the log was read for a subscription: the end of a commit and its hash. Lanes may have settled events up to here
-- while the cursor waits for one of them, so that the cursor alone does not show that a log was forked behind it. Null in
-- rows from before.
ALTER TABLE genjin.delivery_cursor
    ADD COLUMN read_position bigint,
    ADD COLUMN read_hash     bytea,
    ADD CHECK ((read_position IS NULL) = (read_hash IS NULL));
