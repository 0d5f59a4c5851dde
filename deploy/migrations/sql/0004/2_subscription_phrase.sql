-- What a subscription wants besides the types of its events, in the phrase language of the history; null: nothing more.
ALTER TABLE genjin.webhook_subscription ADD COLUMN phrase text;
