-- The log: insert-only tables, keyed by workspace first. See 5_append.sql for the only writer.

-- One row per event. body holds the exact canonical JSON that was hashed; the columns beside it serve filters only.
CREATE TABLE genjin.event (
    workspace_id   uuid        NOT NULL,
    position       bigint      NOT NULL CHECK (position > 0),
    stream         text        NOT NULL,
    version        integer     NOT NULL CHECK (version > 0),
    id             uuid        NOT NULL,
    type           text        NOT NULL,
    schema_version smallint    NOT NULL,
    actor_id       uuid        NOT NULL,
    actor_role     text,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    request_id     text        NOT NULL,
    correlation_id text        NOT NULL,
    body           text        NOT NULL,
    leaf_hash      bytea       NOT NULL,
    PRIMARY KEY (workspace_id, position),
    CONSTRAINT event_version_once UNIQUE (workspace_id, stream, version),
    CONSTRAINT event_id_once UNIQUE (workspace_id, id)
);
CREATE INDEX event_by_type ON genjin.event (workspace_id, type text_pattern_ops, position);
CREATE INDEX event_by_actor ON genjin.event (workspace_id, actor_id, position);

-- One row per append. The last row is the head of the log: no counter is ever updated, so nothing bloats.
-- hash = SHA-256(previous_hash || first_position || last_position || leaf hashes), positions as 8 bytes big-endian.
CREATE TABLE genjin.commit (
    workspace_id   uuid        NOT NULL,
    last_position  bigint      NOT NULL,
    first_position bigint      NOT NULL,
    stream         text        NOT NULL,
    recorded_at    timestamptz NOT NULL,
    previous_hash  bytea       NOT NULL,
    hash           bytea       NOT NULL,
    PRIMARY KEY (workspace_id, last_position),
    CHECK (first_position <= last_position)
);
CREATE INDEX commit_by_time ON genjin.commit (workspace_id, recorded_at);

-- What an Idempotency-Key was answered with, kept for ever. The answer's events are those at first..last position,
-- so a replay is made of stored bytes only. Positions are null when the request changed nothing.
CREATE TABLE genjin.idempotent_answer (
    workspace_id   uuid     NOT NULL,
    actor_id       uuid     NOT NULL,
    key            text     NOT NULL,
    fingerprint    bytea    NOT NULL,
    first_position bigint,
    last_position  bigint,
    version        integer,
    status         smallint NOT NULL,
    location       text,
    answer         text     NOT NULL,
    PRIMARY KEY (workspace_id, actor_id, key)
);

-- What must be unique across streams (a project's code). Checked by append() under the workspace's lock.
CREATE TABLE genjin.claim (
    workspace_id uuid NOT NULL,
    scope        text NOT NULL,
    value        text NOT NULL,
    stream       text NOT NULL,
    PRIMARY KEY (workspace_id, scope, value)
);
