-- The audit index is held against the log, block by block and for ever. Derived, all of it: emptied with the index.

-- How far the check has come in its present round over a workspace's index.
CREATE TABLE genjin.event_tag_check (
    workspace_id uuid        NOT NULL,
    position     bigint      NOT NULL CHECK (position >= 0),
    updated_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id)
);

-- An index that is not what the log says is neither continued nor asked beyond trusted_position, until it is built anew.
-- tag and position are of the first difference that was found; tag is null where the reader's own place is wrong.
CREATE TABLE genjin.event_tag_halt (
    workspace_id     uuid        NOT NULL,
    trusted_position bigint      NOT NULL CHECK (trusted_position >= 0),
    tag              text        COLLATE "C",
    position         bigint      NOT NULL,
    reason           text        NOT NULL,
    halted_at        timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id)
);

GRANT SELECT, INSERT, UPDATE ON genjin.event_tag_check, genjin.event_tag_halt TO genjin_notifier;
GRANT SELECT ON genjin.event_tag_halt TO genjin_api;
