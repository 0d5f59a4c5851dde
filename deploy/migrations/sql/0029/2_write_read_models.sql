-- Writes the read-model rows of a call, table by table in this order: whoever locks several of the tables keeps to it. A new
-- table is a function of its own and a line here.
CREATE OR REPLACE FUNCTION genjin.write_read_models(p_workspace uuid, p_accepted boolean[], p_rows genjin.read_model_rows) RETURNS void
LANGUAGE plpgsql VOLATILE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    IF p_rows.workspace IS NOT NULL THEN PERFORM genjin.write_workspace_rows(p_workspace, p_accepted, p_rows.workspace); END IF;
    IF p_rows.person IS NOT NULL THEN PERFORM genjin.write_person_rows(p_workspace, p_accepted, p_rows.person); END IF;
    IF p_rows.api_key IS NOT NULL THEN PERFORM genjin.write_api_key_rows(p_workspace, p_accepted, p_rows.api_key); END IF;
    IF p_rows.project IS NOT NULL THEN PERFORM genjin.write_project_rows(p_workspace, p_accepted, p_rows.project); END IF;
    IF p_rows.project_past IS NOT NULL THEN PERFORM genjin.write_project_past_rows(p_workspace, p_accepted, p_rows.project_past); END IF;
    IF p_rows.stage_visit IS NOT NULL THEN PERFORM genjin.write_stage_visit_rows(p_workspace, p_accepted, p_rows.stage_visit); END IF;
    IF p_rows.follow_up IS NOT NULL THEN PERFORM genjin.write_follow_up_rows(p_workspace, p_accepted, p_rows.follow_up); END IF;
    IF p_rows.form IS NOT NULL THEN PERFORM genjin.write_form_rows(p_workspace, p_accepted, p_rows.form); END IF;
    IF p_rows.requirement IS NOT NULL THEN PERFORM genjin.write_requirement_rows(p_workspace, p_accepted, p_rows.requirement); END IF;
    IF p_rows.change_request IS NOT NULL THEN PERFORM genjin.write_change_request_rows(p_workspace, p_accepted, p_rows.change_request); END IF;
    IF p_rows.risk IS NOT NULL THEN PERFORM genjin.write_risk_rows(p_workspace, p_accepted, p_rows.risk); END IF;
    IF p_rows.milestone IS NOT NULL THEN PERFORM genjin.write_milestone_rows(p_workspace, p_accepted, p_rows.milestone); END IF;
    IF p_rows.metric IS NOT NULL THEN PERFORM genjin.write_metric_rows(p_workspace, p_accepted, p_rows.metric); END IF;
    IF p_rows.metric_value IS NOT NULL THEN PERFORM genjin.write_metric_value_rows(p_workspace, p_accepted, p_rows.metric_value); END IF;
    IF p_rows.finding IS NOT NULL THEN PERFORM genjin.write_finding_rows(p_workspace, p_accepted, p_rows.finding); END IF;
    IF p_rows.webhook_subscription IS NOT NULL THEN PERFORM genjin.write_webhook_subscription_rows(p_workspace, p_accepted, p_rows.webhook_subscription); END IF;
    IF p_rows.api_key_secret IS NOT NULL THEN PERFORM genjin.write_api_key_secret_rows(p_workspace, p_accepted, p_rows.api_key_secret); END IF;
    IF p_rows.webhook_secret IS NOT NULL THEN PERFORM genjin.write_webhook_secret_rows(p_workspace, p_accepted, p_rows.webhook_secret); END IF;
    IF p_rows.subject IS NOT NULL THEN PERFORM genjin.write_subject_rows(p_workspace, p_accepted, p_rows.subject); END IF;
    IF p_rows.document IS NOT NULL THEN PERFORM genjin.write_document_rows(p_workspace, p_accepted, p_rows.document); END IF;
    IF p_rows.stage_entry IS NOT NULL THEN PERFORM genjin.write_stage_entry_rows(p_workspace, p_accepted, p_rows.stage_entry); END IF;
    IF p_rows.stage_exit IS NOT NULL THEN PERFORM genjin.write_stage_exit_rows(p_workspace, p_accepted, p_rows.stage_exit); END IF;
    IF p_rows.suspension IS NOT NULL THEN PERFORM genjin.write_suspension_rows(p_workspace, p_accepted, p_rows.suspension); END IF;
    IF p_rows.judgement IS NOT NULL THEN PERFORM genjin.write_judgement_rows(p_workspace, p_accepted, p_rows.judgement); END IF;
    IF p_rows.follow_up_past IS NOT NULL THEN PERFORM genjin.write_follow_up_past_rows(p_workspace, p_accepted, p_rows.follow_up_past); END IF;
    IF p_rows.project_standing IS NOT NULL THEN PERFORM genjin.write_project_standing_rows(p_workspace, p_accepted, p_rows.project_standing); END IF;
    IF p_rows.project_standing_past IS NOT NULL THEN PERFORM genjin.write_project_standing_past_rows(p_workspace, p_accepted, p_rows.project_standing_past); END IF;
    IF p_rows.warning IS NOT NULL THEN PERFORM genjin.write_warning_rows(p_workspace, p_accepted, p_rows.warning); END IF;
    IF p_rows.account IS NOT NULL THEN PERFORM genjin.write_account_rows(p_workspace, p_accepted, p_rows.account); END IF;
    IF p_rows.contact IS NOT NULL THEN PERFORM genjin.write_contact_rows(p_workspace, p_accepted, p_rows.contact); END IF;
    IF p_rows.project_account IS NOT NULL THEN PERFORM genjin.write_project_account_rows(p_workspace, p_accepted, p_rows.project_account); END IF;
    IF p_rows.stakeholder IS NOT NULL THEN PERFORM genjin.write_stakeholder_rows(p_workspace, p_accepted, p_rows.stakeholder); END IF;
    IF p_rows.health_assessment IS NOT NULL THEN PERFORM genjin.write_health_assessment_rows(p_workspace, p_accepted, p_rows.health_assessment); END IF;
END
$$;
