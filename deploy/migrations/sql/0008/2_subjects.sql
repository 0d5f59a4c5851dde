-- The erased subjects: a row is there from the erasure on.
CREATE TABLE genjin.subject (
    workspace_id uuid        NOT NULL,
    id           uuid        NOT NULL,
    reason       text        NOT NULL,
    erased_at    timestamptz NOT NULL,
    erased_by    uuid        NOT NULL,
    version      integer     NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE TYPE genjin.subject_row AS (
    command integer, id uuid, reason text, erased_at timestamptz, erased_by uuid, version integer);
ALTER TYPE genjin.read_model_rows ADD ATTRIBUTE subject genjin.subject_row[] CASCADE;

-- In which forms a subject's data stands now.
-- Forms of before, in which nothing is sealed, in the shape that their fold has now.
UPDATE genjin.form SET body = body || '{"subjects": {}, "own_subject": null}' WHERE NOT body ? 'subjects';
CREATE INDEX form_by_subject ON genjin.form USING gin (jsonb_path_query_array(body::jsonb, '$.subjects.keyvalue().key'));
