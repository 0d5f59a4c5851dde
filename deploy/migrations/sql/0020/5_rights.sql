REVOKE EXECUTE ON FUNCTION
    genjin.write_stage_entry_rows, genjin.write_stage_exit_rows, genjin.write_suspension_rows,
    genjin.write_judgement_rows, genjin.write_follow_up_past_rows, genjin.write_project_standing_rows,
    genjin.write_project_standing_past_rows
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    genjin.write_stage_entry_rows, genjin.write_stage_exit_rows, genjin.write_suspension_rows,
    genjin.write_judgement_rows, genjin.write_follow_up_past_rows, genjin.write_project_standing_rows,
    genjin.write_project_standing_past_rows
TO genjin_api;
GRANT SELECT, INSERT ON
    genjin.stage_entry, genjin.stage_exit, genjin.suspension, genjin.judgement, genjin.follow_up_past,
    genjin.project_standing_past, genjin.counted_complete
TO genjin_api;
GRANT SELECT, INSERT, UPDATE, DELETE ON genjin.project_standing TO genjin_api;
