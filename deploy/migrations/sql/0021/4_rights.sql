GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.warning TO genjin_api;

REVOKE EXECUTE ON FUNCTION genjin.append_together, genjin.write_warning_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.append_together, genjin.write_warning_rows TO genjin_api;
