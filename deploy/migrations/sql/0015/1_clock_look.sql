-- When the clock last looked at a project: at which version, on which day of its workspace. A project that has not changed
-- is looked at once a day. Derived: it may be emptied, and every project is then looked at anew, which tells nothing twice.
CREATE TABLE genjin.clock_look (
    workspace_id uuid    NOT NULL,
    project_id   uuid    NOT NULL,
    version      integer NOT NULL,
    day          date    NOT NULL,
    PRIMARY KEY (workspace_id, project_id)
);

GRANT SELECT, INSERT, UPDATE ON genjin.clock_look TO genjin_notifier;
-- What the clock compares with the day. Follow-ups and risks are in the log too, which the notifier reads as a whole.
GRANT SELECT ON genjin.project, genjin.follow_up, genjin.risk TO genjin_notifier;
