-- The notifier's process seals; the API shows. The API never sees a private key, sealed or not.
GRANT SELECT ON genjin.evidence_tile, genjin.log_key, genjin.signed_checkpoint TO genjin_api;
GRANT SELECT, INSERT ON genjin.evidence_tile, genjin.log_key, genjin.signed_checkpoint TO genjin_notifier;
GRANT SELECT, INSERT, DELETE ON genjin.log_key_secret TO genjin_notifier;
