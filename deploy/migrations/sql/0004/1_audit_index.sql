-- Questions to the history are answered from an index that a reader writes behind the log, so that an append pays for
-- none of it: these two B-trees took an entry per event inside the workspace's lock.
DROP INDEX genjin.event_by_type;
DROP INDEX genjin.event_by_actor;

-- For each block of positions and each tag, which positions of the block have it. Small blocks (level 0, 1,024
-- positions) are merged into large ones (level 1, 65,536). Derived: it may be emptied and is then written anew.
CREATE TABLE genjin.event_tag (
    workspace_id uuid     NOT NULL,
    level        smallint NOT NULL CHECK (level IN (0, 1)),
    tag          text     COLLATE "C" NOT NULL,
    block        integer  NOT NULL CHECK (block >= 0),
    positions    bytea    NOT NULL,
    PRIMARY KEY (workspace_id, level, tag, block)
);
-- The sets are small already; compressing them again costs time on every read.
ALTER TABLE genjin.event_tag ALTER COLUMN positions SET STORAGE EXTERNAL;

-- How far the index has come. commit_position and commit_hash are of the commit that holds position: a restored or
-- forked log is noticed, and the index is then left alone by its reader and by those who ask.
CREATE TABLE genjin.event_tag_reader (
    workspace_id    uuid        NOT NULL,
    position        bigint      NOT NULL,
    merged_position bigint      NOT NULL,
    commit_position bigint      NOT NULL,
    commit_hash     bytea       NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id),
    CHECK (merged_position <= position AND position <= commit_position)
);

GRANT SELECT, INSERT, DELETE ON genjin.event_tag TO genjin_notifier;
GRANT SELECT, INSERT, UPDATE ON genjin.event_tag_reader TO genjin_notifier;
GRANT SELECT ON genjin.event_tag, genjin.event_tag_reader TO genjin_api;
