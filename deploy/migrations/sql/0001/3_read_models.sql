-- Read models that the API answers from. append() writes them in the commit of the events they show,
-- so what a client wrote, it reads. Each row carries the stream version that it shows.

-- A tenant, as its people see it.
CREATE TABLE genjin.workspace (
    workspace_id uuid NOT NULL,
    name         text NOT NULL,
    time_zone    text NOT NULL,
    version      integer NOT NULL,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (workspace_id)
);

-- Who acts in a workspace.
CREATE TABLE genjin.person (
    workspace_id   uuid NOT NULL,
    id             uuid NOT NULL,
    name           text NOT NULL,
    workspace_role text NOT NULL,
    active         boolean NOT NULL,
    version        integer NOT NULL,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- A person's key, without its secret.
CREATE TABLE genjin.api_key (
    workspace_id uuid NOT NULL,
    id           uuid NOT NULL,
    person_id    uuid NOT NULL,
    name         text NOT NULL,
    prefix       text NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    version      integer NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- The project list and card.
CREATE TABLE genjin.project (
    workspace_id     uuid NOT NULL,
    id               uuid NOT NULL,
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
    version          integer NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    body             jsonb NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- The stage timeline: one row per visit of a project to a stage, with its record and judgements.
CREATE TABLE genjin.stage_visit (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    ordinal      integer NOT NULL,
    stage        text NOT NULL,
    number       integer NOT NULL,
    entered_at   timestamptz NOT NULL,
    left_at      timestamptz,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, ordinal)
);

-- Follow-ups, each with an owner and a due date.
CREATE TABLE genjin.follow_up (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    id           uuid NOT NULL,
    stage        text NOT NULL,
    role         text NOT NULL,
    owner_id     uuid NOT NULL,
    due_on       date NOT NULL,
    status       text NOT NULL,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);

-- Attached forms at their newest revision.
CREATE TABLE genjin.form (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    form         text NOT NULL,
    copy         integer NOT NULL,
    state        text NOT NULL,
    revision     integer NOT NULL,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, form, copy)
);

-- Requirements under control.
CREATE TABLE genjin.requirement (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    id           uuid NOT NULL,
    priority     text,
    status       text NOT NULL,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);

-- Change requests and how they were decided.
CREATE TABLE genjin.change_request (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    id           uuid NOT NULL,
    status       text NOT NULL,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);

-- The risk register.
CREATE TABLE genjin.risk (
    workspace_id uuid NOT NULL,
    project_id   uuid NOT NULL,
    id           uuid NOT NULL,
    category     text NOT NULL,
    status       text NOT NULL,
    score        integer,
    band         text,
    owner_id     uuid NOT NULL,
    version      integer NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);

-- Where events are delivered.
CREATE TABLE genjin.webhook_subscription (
    workspace_id     uuid NOT NULL,
    id               uuid NOT NULL,
    url              text NOT NULL,
    event_types      text[] NOT NULL,
    description      text NOT NULL,
    active           boolean NOT NULL,
    deleted          boolean NOT NULL,
    start_position   bigint NOT NULL,
    created_by       uuid NOT NULL,
    version          integer NOT NULL,
    created_at       timestamptz NOT NULL,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, id)
);

-- Secrets stand in tables of their own: they are no facts, so no fold brings them back and no log remembers them.
-- Of an API key only the SHA-256 is kept; it has 178 random bits, so a slow hash would add nothing.
CREATE TABLE genjin.api_key_secret (
    workspace_id uuid  NOT NULL,
    key_id       uuid  NOT NULL,
    hash         bytea NOT NULL UNIQUE,
    PRIMARY KEY (workspace_id, key_id)
);

-- A webhook subscription's signing secret, sealed with the installation's key (AES-256-GCM).
CREATE TABLE genjin.webhook_secret (
    workspace_id    uuid        NOT NULL,
    subscription_id uuid        NOT NULL,
    sealed          text        NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, subscription_id)
);

CREATE INDEX project_by_update ON genjin.project (workspace_id, updated_at DESC, id);
CREATE INDEX project_by_stage ON genjin.project (workspace_id, stage, updated_at DESC, id);
CREATE INDEX follow_up_open ON genjin.follow_up (workspace_id, owner_id, due_on) WHERE status = 'open';
CREATE INDEX risk_by_score ON genjin.risk (workspace_id, score DESC) WHERE status <> 'closed';
CREATE INDEX api_key_by_person ON genjin.api_key (workspace_id, person_id);
