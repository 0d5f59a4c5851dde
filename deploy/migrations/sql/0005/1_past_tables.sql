-- States of long streams, so that nobody folds ten thousand events: derived, may be deleted at any time. fingerprint names
-- the code that made it. body is text, for jsonb would put its keys in another order.
CREATE TABLE genjin.stream_snapshot (
    workspace_id uuid        NOT NULL,
    stream       text        NOT NULL,
    fingerprint  text        NOT NULL,
    version      integer     NOT NULL,
    body         text        NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, stream, fingerprint, version)
);

-- The project list as it was: one row per event that changed something the list can be asked for. A project's row at a
-- position is its last one at or below it. Written by append() with the events, never changed.
CREATE TABLE genjin.project_past (
    workspace_id     uuid NOT NULL,
    id               uuid NOT NULL,
    version          integer NOT NULL,
    position         bigint NOT NULL,
    code             text NOT NULL,
    name             text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    status           text NOT NULL,
    stage            text NOT NULL,
    outcome          text,
    region           text,
    department       text,
    expected_amount  numeric,
    currency         text,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id, position)
);

GRANT SELECT, INSERT, DELETE ON genjin.stream_snapshot TO genjin_api;
GRANT SELECT, INSERT ON genjin.project_past TO genjin_api;
