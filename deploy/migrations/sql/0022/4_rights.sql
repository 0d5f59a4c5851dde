GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.account, genjin.contact, genjin.project_account, genjin.stakeholder TO genjin_api;
REVOKE EXECUTE ON FUNCTION
    genjin.write_account_rows, genjin.write_contact_rows, genjin.write_project_account_rows, genjin.write_stakeholder_rows
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    genjin.write_account_rows, genjin.write_contact_rows, genjin.write_project_account_rows, genjin.write_stakeholder_rows
TO genjin_api;
