GRANT SELECT, INSERT, UPDATE ON genjin.milestone, genjin.metric, genjin.finding TO genjin_api;
GRANT SELECT, INSERT ON genjin.metric_value TO genjin_api;
