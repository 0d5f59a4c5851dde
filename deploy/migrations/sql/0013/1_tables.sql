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

-- Cards of before, in the shape that they are made in now.
UPDATE genjin.project SET body = jsonb_set(body, '{counts}', body->'counts' || '{"open_milestones": 0}')
 WHERE NOT body->'counts' ? 'open_milestones';
