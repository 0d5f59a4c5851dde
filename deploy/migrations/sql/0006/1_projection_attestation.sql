-- What the rows of a projection were found to hold, and where the log stood then: evidence, so insert-only. Written by
-- whoever owns the database (genjin-api projections attest), never by a service.
CREATE TABLE genjin.projection_attestation (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    projection   text        NOT NULL,
    position     bigint      NOT NULL CHECK (position > 0),
    commit_hash  bytea       NOT NULL,   -- of the commit that ends at position
    row_count    bigint      NOT NULL,
    content_hash bytea       NOT NULL,   -- SHA-256 of the rows in canonical form
    attested_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX projection_attestation_latest ON genjin.projection_attestation (workspace_id, projection, id DESC);

CREATE TRIGGER insert_only BEFORE UPDATE OR DELETE ON genjin.projection_attestation
    FOR EACH ROW EXECUTE FUNCTION genjin.refuse_change();
CREATE TRIGGER never_truncated BEFORE TRUNCATE ON genjin.projection_attestation
    FOR EACH STATEMENT EXECUTE FUNCTION genjin.refuse_change();

GRANT SELECT ON genjin.projection_attestation TO genjin_api;
