-- The services' rights. Neither can UPDATE, DELETE or TRUNCATE the log, nor change a table.
-- The roles cannot log in by themselves: an installation gives them a password or makes its own logins their members.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genjin_api') THEN
        CREATE ROLE genjin_api NOLOGIN;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'genjin_notifier') THEN
        CREATE ROLE genjin_notifier NOLOGIN;
    END IF;
    -- Whoever migrates may run the services too; a superuser may anyway.
    IF NOT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) THEN
        EXECUTE format('GRANT genjin_api, genjin_notifier TO %I', current_user);
    END IF;
END
$$;
REVOKE ALL ON SCHEMA genjin FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA genjin FROM PUBLIC;
GRANT USAGE ON SCHEMA genjin TO genjin_api, genjin_notifier;

GRANT SELECT, INSERT ON genjin.event, genjin.commit, genjin.idempotent_answer TO genjin_api;
GRANT SELECT, INSERT ON genjin.claim TO genjin_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON
    genjin.workspace, genjin.person, genjin.api_key, genjin.project, genjin.stage_visit, genjin.follow_up, genjin.form,
    genjin.requirement, genjin.change_request, genjin.risk, genjin.webhook_subscription,
    genjin.api_key_secret, genjin.webhook_secret TO genjin_api;
GRANT SELECT ON genjin.delivery_cursor, genjin.delivery_lane, genjin.delivery_attempt TO genjin_api;
GRANT EXECUTE ON FUNCTION genjin.write_read_models TO genjin_api;
GRANT EXECUTE ON FUNCTION genjin.take_claims TO genjin_api;
GRANT EXECUTE ON FUNCTION genjin.append TO genjin_api;

GRANT SELECT ON genjin.event, genjin.commit, genjin.workspace, genjin.webhook_subscription, genjin.webhook_secret TO genjin_notifier;
GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.delivery_cursor, genjin.delivery_lane TO genjin_notifier;
GRANT SELECT, INSERT ON genjin.delivery_attempt TO genjin_notifier;
GRANT SELECT ON genjin.alembic_version TO genjin_api, genjin_notifier;
