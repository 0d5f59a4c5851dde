-- What waits for one person is found by the person. Nobody is in two workspaces.
DROP INDEX genjin.warning_waiting;
CREATE INDEX warning_waiting ON genjin.warning USING gin (waiting);
