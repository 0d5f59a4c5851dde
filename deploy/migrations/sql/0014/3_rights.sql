GRANT SELECT, INSERT ON genjin.file, genjin.file_content TO genjin_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.document TO genjin_api;
