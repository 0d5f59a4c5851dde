-- The API may write the table anew, where the server knows this right, and look at nothing in it.
DO $$
BEGIN
    IF current_setting('server_version_num')::integer >= 170000 THEN
        EXECUTE 'GRANT MAINTAIN ON genjin_keys.subject_key TO genjin_api';
    END IF;
END
$$;
ALTER SCHEMA genjin_keys OWNER TO genjin_keys;
ALTER TABLE genjin_keys.subject_key OWNER TO genjin_keys;
ALTER FUNCTION genjin_keys.make OWNER TO genjin_keys;
ALTER FUNCTION genjin_keys.find OWNER TO genjin_keys;
ALTER FUNCTION genjin_keys.page OWNER TO genjin_keys;
ALTER FUNCTION genjin_keys.destroy OWNER TO genjin_keys;

REVOKE ALL ON SCHEMA genjin_keys FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION genjin_keys.make, genjin_keys.find, genjin_keys.page, genjin_keys.destroy FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin_keys TO genjin_api;
GRANT EXECUTE ON FUNCTION genjin_keys.make, genjin_keys.find, genjin_keys.page, genjin_keys.destroy TO genjin_api;

GRANT SELECT, INSERT, UPDATE ON genjin.subject TO genjin_api;
