-- The notifier's own records. The log is the queue: no row exists per event and subscription before sending.

-- Everything at or below position is settled for this subscription, or its lane is on its own way.
-- position is the end of a commit, and commit_hash that commit's: a restored or forked log is noticed.
CREATE TABLE genjin.delivery_cursor (
    workspace_id    uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    position        bigint      NOT NULL,
    commit_hash     bytea       NOT NULL,
    updated_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, subscription_id)
);

-- A lane is one stream (a project) on one subscription: its events go out one after the other.
--   open      follows the cursor
--   retrying  the event at held_position failed and holds the lane; the events behind it are implied by the log
--   behind    reads on from the log after done_version until it has caught up with the cursor
-- Up to done_version everything is settled: delivered, parked, or not asked for. sent_version is the last one delivered.
CREATE TABLE genjin.delivery_lane (
    workspace_id    uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    stream          text        NOT NULL,
    state           text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'behind', 'retrying')),
    sent_version    integer     NOT NULL DEFAULT 0,
    done_version    integer     NOT NULL DEFAULT 0,
    held_position   bigint,
    attempts        integer     NOT NULL DEFAULT 0,
    first_failed_at timestamptz,
    next_attempt_at timestamptz,
    PRIMARY KEY (workspace_id, subscription_id, stream)
);
CREATE INDEX delivery_lane_on_its_own ON genjin.delivery_lane (workspace_id, subscription_id) WHERE state <> 'open';

-- Every HTTP try. parked: it was the last one, the event was passed over, and the lane went on.
CREATE TABLE genjin.delivery_attempt (
    workspace_id    uuid        NOT NULL,
    id              uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    position        bigint      NOT NULL,
    event_id        uuid        NOT NULL,
    event_type      text        NOT NULL,
    stream          text        NOT NULL,
    number          integer     NOT NULL,
    outcome         text        NOT NULL,
    status          smallint,
    error           text,
    response        text,
    started_at      timestamptz NOT NULL,
    duration_ms     integer     NOT NULL,
    next_attempt_at timestamptz,
    parked          boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX delivery_attempt_by_subscription ON genjin.delivery_attempt (workspace_id, subscription_id, id DESC);
CREATE INDEX delivery_attempt_by_event ON genjin.delivery_attempt (workspace_id, position);
CREATE INDEX delivery_attempt_parked ON genjin.delivery_attempt (workspace_id, subscription_id, id DESC) WHERE parked;
