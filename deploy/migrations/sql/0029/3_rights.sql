GRANT SELECT, INSERT ON genjin.health_assessment TO genjin_api;
REVOKE EXECUTE ON FUNCTION genjin.write_health_assessment_rows FROM PUBLIC;
GRANT EXECUTE ON FUNCTION genjin.write_health_assessment_rows TO genjin_api;
