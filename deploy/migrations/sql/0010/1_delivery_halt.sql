-- A subscription that is not served because its log is not the one that it was delivered from. The row goes when the
-- subscription is served again. position is where it stands; subscription_version is that of the
-- subscription when it was halted: a recovery that its stream records later is the way out.
CREATE TABLE genjin.delivery_halt (
    workspace_id    uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    code            text        NOT NULL CHECK (code IN ('log_forked', 'log_damaged')),
    detail          text        NOT NULL,
    position        bigint      NOT NULL,
    subscription_version integer NOT NULL,
    halted_at       timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, subscription_id)
);
GRANT SELECT ON genjin.delivery_halt TO genjin_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.delivery_halt TO genjin_notifier;
