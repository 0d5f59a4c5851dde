-- Evidence: an RFC 9162 Merkle tree over each workspace's log, kept by the sealer behind the write path.
-- Leaf number position - 1 is the event at that position. Insert-only, but for private keys.

-- A full tile: 256 neighbouring hashes of complete subtrees of 256^level leaves each, and the hash above them all.
-- What is not in a full tile yet is found one level below: as tiles' roots, or at level 0 as the events' leaf hashes.
CREATE TABLE genjin.evidence_tile (
    workspace_id uuid     NOT NULL,
    level        smallint NOT NULL CHECK (level >= 0),
    index        bigint   NOT NULL CHECK (index >= 0),
    root         bytea    NOT NULL CHECK (length(root) = 32),
    hashes       bytea    NOT NULL CHECK (length(hashes) = 256 * 32),
    PRIMARY KEY (workspace_id, level, index)
);
-- 8 kB of hashes do not shrink, and stay out of line, so that a run of roots is read without them.
ALTER TABLE genjin.evidence_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;

-- The public half of a workspace's signing keys, number 1, 2, 3 ... Every one stays listed for ever.
-- name is the origin of the workspace's checkpoints. note is the checkpoint at from_size by which the key before it
-- handed over: signed by both, naming this one. Number 1 has none: who verifies holds it from elsewhere.
CREATE TABLE genjin.log_key (
    workspace_id uuid        NOT NULL,
    number       integer     NOT NULL CHECK (number > 0),
    name         text        NOT NULL,
    public_key   bytea       NOT NULL CHECK (length(public_key) = 32),
    from_size    bigint      NOT NULL,
    created_at   timestamptz NOT NULL,
    note         text,
    PRIMARY KEY (workspace_id, number),
    CHECK ((number = 1) = (note IS NULL))
);

-- The private half of the key in use, sealed with the installation's key. A retired one is destroyed.
CREATE TABLE genjin.log_key_secret (
    workspace_id uuid    NOT NULL,
    number       integer NOT NULL,
    sealed       text    NOT NULL,
    PRIMARY KEY (workspace_id, number)
);

-- The root of the tree over the events 1..size, which end a commit, as a C2SP signed note. The columns beside the note
-- say what is in it.
CREATE TABLE genjin.signed_checkpoint (
    workspace_id uuid        NOT NULL,
    size         bigint      NOT NULL CHECK (size > 0),
    root         bytea       NOT NULL CHECK (length(root) = 32),
    commit_hash  bytea       NOT NULL CHECK (length(commit_hash) = 32),
    key_number   integer     NOT NULL,
    sealed_at    timestamptz NOT NULL,
    note         text        NOT NULL,
    PRIMARY KEY (workspace_id, size)
);
