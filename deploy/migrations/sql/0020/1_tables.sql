-- What reports count. Rows with a position were written by append() with the event of that position and never change: a
-- report of the past counts those up to a position.

-- A project came into a stage. number counts the visits to this stage; first_entered_at is when the first of them began,
-- created_at when the project did. The template version is the one that the project was pinned to.
CREATE TABLE genjin.stage_entry (
    workspace_id     uuid NOT NULL,
    project_id       uuid NOT NULL,
    ordinal          integer NOT NULL,
    version          integer NOT NULL,
    position         bigint NOT NULL,
    stage            text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    number           integer NOT NULL,
    entered_at       timestamptz NOT NULL,
    first_entered_at timestamptz NOT NULL,
    created_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, project_id, ordinal)
);
CREATE INDEX stage_entry_by_first ON genjin.stage_entry (workspace_id, first_entered_at);
CREATE INDEX stage_entry_by_creation ON genjin.stage_entry (workspace_id, created_at);
CREATE INDEX stage_entry_by_time ON genjin.stage_entry (workspace_id, entered_at);

-- It left the stage. passed: through the gate. outcome: it ended there.
CREATE TABLE genjin.stage_exit (
    workspace_id     uuid NOT NULL,
    project_id       uuid NOT NULL,
    ordinal          integer NOT NULL,
    version          integer NOT NULL,
    position         bigint NOT NULL,
    stage            text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    left_at          timestamptz NOT NULL,
    left_by          text NOT NULL,
    passed           boolean NOT NULL,
    override_role    text,
    outcome          text,
    PRIMARY KEY (workspace_id, project_id, ordinal)
);
CREATE INDEX stage_exit_by_time ON genjin.stage_exit (workspace_id, left_at);
CREATE INDEX stage_exit_closing ON genjin.stage_exit (workspace_id, left_at) WHERE left_by = 'closing';

-- A suspension began (ended_at null), or ended.
CREATE TABLE genjin.suspension (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    version      integer NOT NULL,
    position     bigint NOT NULL,
    since        timestamptz NOT NULL,
    ended_at     timestamptz,
    PRIMARY KEY (workspace_id, project_id, version)
);

-- Somebody judged a stage. first_word: nothing of the role stood in this visit. others: what other roles had said of the
-- same facts by then, as role=verdict,role=verdict; empty where the role itself had said something of them.
CREATE TABLE genjin.judgement (
    workspace_id     uuid NOT NULL,
    project_id       uuid NOT NULL,
    version          integer NOT NULL,
    position         bigint NOT NULL,
    ordinal          integer NOT NULL,
    stage            text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    role             text NOT NULL,
    person_id        uuid NOT NULL,
    verdict          text NOT NULL,
    first_word       boolean NOT NULL,
    others           text NOT NULL,
    judged_at        timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, project_id, version)
);
CREATE INDEX judgement_by_time ON genjin.judgement (workspace_id, judged_at);
CREATE INDEX judgement_by_person ON genjin.judgement (workspace_id, person_id, judged_at);

-- A follow-up was set, or completed.
CREATE TABLE genjin.follow_up_past (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    id           uuid NOT NULL,
    version      integer NOT NULL,
    position     bigint NOT NULL,
    role         text NOT NULL,
    owner_id     uuid NOT NULL,
    due_on       date NOT NULL,
    status       text NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id, version)
);

-- Where every project stands, narrow: what reports are narrowed by, who holds its roles (the two lists run side by side), and
-- what people have given of what the gate of the stage may ask them for, as JSON text.
CREATE TABLE genjin.project_standing (
    workspace_id     uuid NOT NULL,
    project_id       uuid NOT NULL,
    ordinal          integer NOT NULL,
    stage            text NOT NULL,
    status           text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    entered_at       timestamptz NOT NULL,
    outcome          text,
    region           text,
    department       text,
    currency         text,
    expected_amount  numeric,
    holder_roles     text[] NOT NULL,
    holder_ids       uuid[] NOT NULL,
    given            text NOT NULL,
    PRIMARY KEY (workspace_id, project_id)
);
CREATE INDEX project_standing_by_template ON genjin.project_standing (workspace_id, template_key, status);
CREATE INDEX project_standing_by_department ON genjin.project_standing (workspace_id, department) WHERE department IS NOT NULL;
CREATE INDEX project_standing_by_region ON genjin.project_standing (workspace_id, region) WHERE region IS NOT NULL;
CREATE INDEX project_standing_of_person ON genjin.project_standing USING gin (holder_ids);

-- The same as it was. A project's row at a position is its last one at or below it.
CREATE TABLE genjin.project_standing_past (
    workspace_id     uuid NOT NULL,
    project_id       uuid NOT NULL,
    version          integer NOT NULL,
    position         bigint NOT NULL,
    ordinal          integer NOT NULL,
    stage            text NOT NULL,
    status           text NOT NULL,
    template_key     text NOT NULL,
    template_version integer NOT NULL,
    entered_at       timestamptz NOT NULL,
    outcome          text,
    region           text,
    department       text,
    currency         text,
    expected_amount  numeric,
    holder_roles     text[] NOT NULL,
    holder_ids       uuid[] NOT NULL,
    given            text NOT NULL,
    PRIMARY KEY (workspace_id, project_id, position)
);

-- Workspaces of which every project has all its rows in the tables above. Those written before the tables were there are
-- made when a report is asked for.
CREATE TABLE genjin.counted_complete (
    workspace_id uuid        NOT NULL PRIMARY KEY,
    since        timestamptz NOT NULL DEFAULT now()
);
