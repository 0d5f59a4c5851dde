REVOKE EXECUTE ON FUNCTION genjin.append_together FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.append_together TO genjin_api;
