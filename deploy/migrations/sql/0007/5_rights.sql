REVOKE EXECUTE ON FUNCTION genjin.append, genjin.write_read_models FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.append, genjin.write_read_models TO genjin_api;
