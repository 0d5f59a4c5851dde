REVOKE EXECUTE ON FUNCTION
    genjin.write_workspace_rows, genjin.write_person_rows, genjin.write_api_key_rows, genjin.write_project_rows,
    genjin.write_project_past_rows, genjin.write_stage_visit_rows, genjin.write_follow_up_rows,
    genjin.write_form_rows, genjin.write_requirement_rows, genjin.write_change_request_rows, genjin.write_risk_rows,
    genjin.write_milestone_rows, genjin.write_metric_rows, genjin.write_metric_value_rows, genjin.write_finding_rows,
    genjin.write_webhook_subscription_rows, genjin.write_api_key_secret_rows, genjin.write_webhook_secret_rows,
    genjin.write_subject_rows, genjin.write_document_rows
FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
    genjin.write_workspace_rows, genjin.write_person_rows, genjin.write_api_key_rows, genjin.write_project_rows,
    genjin.write_project_past_rows, genjin.write_stage_visit_rows, genjin.write_follow_up_rows,
    genjin.write_form_rows, genjin.write_requirement_rows, genjin.write_change_request_rows, genjin.write_risk_rows,
    genjin.write_milestone_rows, genjin.write_metric_rows, genjin.write_metric_value_rows, genjin.write_finding_rows,
    genjin.write_webhook_subscription_rows, genjin.write_api_key_secret_rows, genjin.write_webhook_secret_rows,
    genjin.write_subject_rows, genjin.write_document_rows
TO genjin_api;
