-- Accounts and contacts of before, in the shape that they are made in now: no form is known to stand behind anything.
UPDATE genjin.account SET body = body || '{"from_forms": []}' WHERE NOT body ? 'from_forms';
UPDATE genjin.contact SET body = body || '{"from_forms": []}' WHERE NOT body ? 'from_forms';
