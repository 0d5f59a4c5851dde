-- classes: of which classes of data the subscription is told the values. disabled_because: the notifier disabled it, as its
-- receiver wanted; null where it is active, or where a person paused it.
ALTER TABLE genjin.webhook_subscription
    ADD COLUMN classes text[] NOT NULL DEFAULT '{}' CHECK (classes <@ ARRAY['restricted']),
    ADD COLUMN disabled_because text CHECK (disabled_because IS NULL OR NOT active);
ALTER TYPE genjin.webhook_subscription_row ADD ATTRIBUTE classes text[], ADD ATTRIBUTE disabled_because text;

CREATE OR REPLACE FUNCTION genjin.write_webhook_subscription_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.webhook_subscription_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.webhook_subscription (workspace_id, id, url, event_types, description, active, deleted,
        start_position, created_by, version, created_at, updated_at, phrase, classes, disabled_because)
    SELECT p_workspace, r.id, r.url, r.event_types, r.description, r.active, r.deleted, r.start_position,
           r.created_by, r.version, r.created_at, r.updated_at, r.phrase, r.classes, r.disabled_because
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, id) DO UPDATE SET
        (url, event_types, description, active, deleted, start_position, created_by, version, created_at,
         updated_at, phrase, classes, disabled_because) =
        ROW(excluded.url, excluded.event_types, excluded.description, excluded.active, excluded.deleted,
            excluded.start_position, excluded.created_by, excluded.version, excluded.created_at,
            excluded.updated_at, excluded.phrase, excluded.classes, excluded.disabled_because);
END
$$;

-- The secret of before signs beside the newest one until previous_until; where they do not overlap it is kept nowhere.
ALTER TABLE genjin.webhook_secret ADD COLUMN previous_sealed text, ADD COLUMN previous_until timestamptz;
ALTER TYPE genjin.webhook_secret_row ADD ATTRIBUTE previous_until timestamptz;

CREATE OR REPLACE FUNCTION genjin.write_webhook_secret_rows(p_workspace uuid, p_accepted boolean[], p_rows genjin.webhook_secret_row[]) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    INSERT INTO genjin.webhook_secret AS s (workspace_id, subscription_id, sealed, previous_until)
    SELECT p_workspace, r.subscription_id, r.sealed, r.previous_until
      FROM unnest(p_rows) r WHERE p_accepted[r.command]
    ON CONFLICT (workspace_id, subscription_id) DO UPDATE SET
        (sealed, previous_sealed, previous_until) = ROW(excluded.sealed, CASE WHEN excluded.previous_until > now() THEN s.sealed END, excluded.previous_until);
END
$$;

-- Of which classes the receiver got values in the clear.
ALTER TABLE genjin.delivery_attempt ADD COLUMN disclosed text[] NOT NULL DEFAULT '{}';

-- An attempt that discloses is written before it is made, as `pending`. How it ended takes the place of that, once.
CREATE FUNCTION genjin.refuse_change_of_ended_attempt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'how an attempt ended is not changed' USING ERRCODE = 'insufficient_privilege';
END
$$;
REVOKE EXECUTE ON FUNCTION genjin.refuse_change_of_ended_attempt FROM PUBLIC;
CREATE TRIGGER ended_once BEFORE UPDATE ON genjin.delivery_attempt
    FOR EACH ROW WHEN (OLD.outcome <> 'pending') EXECUTE FUNCTION genjin.refuse_change_of_ended_attempt();
GRANT UPDATE (outcome, status, error, response, duration_ms, next_attempt_at, parked, disclosed)
    ON genjin.delivery_attempt TO genjin_notifier;
