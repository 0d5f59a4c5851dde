GRANT SELECT, INSERT, UPDATE ON genjin.milestone TO genjin_api;
