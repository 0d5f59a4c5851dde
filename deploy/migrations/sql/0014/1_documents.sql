-- The files that were uploaded in a workspace, by the SHA-256 of their content: each once.
CREATE TABLE genjin.file (
    workspace_id uuid        NOT NULL,
    sha256       bytea       NOT NULL CHECK (octet_length(sha256) = 32),
    media_type   text        NOT NULL,
    size         bigint      NOT NULL CHECK (size > 0),
    uploaded_at  timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, sha256)
);

-- Their content, where it is not kept in an object store. The log holds the hash alone: what is taken away here leaves the
-- log whole. A row cannot be changed into another one, for a hash has one content.
CREATE TABLE genjin.file_content (
    workspace_id uuid  NOT NULL,
    sha256       bytea NOT NULL,
    content      bytea NOT NULL,
    PRIMARY KEY (workspace_id, sha256),
    CONSTRAINT content_has_its_hash CHECK (sha256 = sha256(content))
);
-- Most files are compressed already.
ALTER TABLE genjin.file_content ALTER COLUMN content SET STORAGE EXTERNAL;

-- The documents of a project, those that were withdrawn too.
CREATE TABLE genjin.document (
    workspace_id uuid  NOT NULL,
    project_id   uuid  NOT NULL,
    id           uuid  NOT NULL,
    document     text,
    status       text  NOT NULL,
    sha256       text  NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);
CREATE TYPE genjin.document_row AS (
    command integer, project_id uuid, id uuid, document text, status text, sha256 text, body jsonb);
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE document genjin.document_row[] CASCADE;
