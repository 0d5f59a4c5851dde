-- The registers that accompany a project.

-- Milestones. due_on is when each is due now; set_by the person who set it.
CREATE TABLE genjin.milestone (
    workspace_id uuid  NOT NULL,
    project_id   uuid  NOT NULL,
    id           uuid  NOT NULL,
    key          text,
    stage        text,
    status       text  NOT NULL,
    due_on       date  NOT NULL,
    set_by       uuid  NOT NULL,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);
CREATE INDEX milestone_open ON genjin.milestone (workspace_id, due_on, id) WHERE status = 'open';

-- Metrics, each with its newest value.
CREATE TABLE genjin.metric (
    workspace_id uuid  NOT NULL,
    project_id   uuid  NOT NULL,
    metric       text  NOT NULL,
    value        double precision,
    recorded_on  date,
    body         jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, metric)
);

-- Every value of a metric, in the order in which pages of them are read. Written by append() with the event that recorded
-- it, never changed.
CREATE TABLE genjin.metric_value (
    workspace_id uuid    NOT NULL,
    project_id   uuid    NOT NULL,
    metric       text    NOT NULL,
    recorded_on  date    NOT NULL,
    version      integer NOT NULL,
    position     bigint  NOT NULL,
    value        double precision NOT NULL,
    body         jsonb   NOT NULL,
    PRIMARY KEY (workspace_id, project_id, metric, recorded_on, version)
);

-- Audit findings. responsible_id is who shall see to the correction.
CREATE TABLE genjin.finding (
    workspace_id   uuid  NOT NULL,
    project_id     uuid  NOT NULL,
    id             uuid  NOT NULL,
    severity       text  NOT NULL,
    stage          text  NOT NULL,
    status         text  NOT NULL,
    due_on         date,
    responsible_id uuid,
    body           jsonb NOT NULL,
    PRIMARY KEY (workspace_id, project_id, id)
);
CREATE INDEX finding_unclosed ON genjin.finding (workspace_id, status, due_on, id) WHERE status <> 'closed';
CREATE INDEX finding_of_person ON genjin.finding (workspace_id, responsible_id, due_on, id) WHERE status <> 'closed';

-- Cards of before, in the shape that they are made in now.
UPDATE genjin.project
   SET body = jsonb_set(body, '{counts}', '{"open_milestones": 0, "open_findings": 0}' || (body->'counts'));
