-- The projects: number n begins n * 7 minutes after the first and has come to its stage number reached. Every sixth that
-- came so far was sent back once, from the second stage to the first.
CREATE TEMPORARY TABLE made AS
SELECT n, md5(:workspace || ' project ' || n)::uuid AS id, 1 + n % 8 AS reached, n % 5 = 0 AS closed,
       CASE WHEN n % 6 = 1 AND n % 8 >= 1 THEN 2 ELSE 0 END AS again,
       timestamptz '2024-12-01 08:00+08' + n * interval '7 minutes' AS created_at, (5 + n % 23) * interval '1 day' AS pace
  FROM generate_series(1, :projects) AS n;

-- Their visits, one after the other. A position is as much later as the visit is.
CREATE TEMPORARY TABLE visit AS
SELECT m.*, s.place, s.stage, ordinal, 1 + (ordinal IN (3, 4) AND again > 0)::integer AS number, ordinal = reached + again AS is_last,
       CASE WHEN ordinal = reached + again THEN 'closing' WHEN ordinal = again THEN 'return' ELSE 'advance' END AS left_by,
       created_at + (s.place - 1) * pace AS first_entered_at,
       created_at + (ordinal - 1) * pace AS entered_at, (2 * ordinal)::bigint * :projects + n AS position,
       CASE WHEN ordinal < reached + again THEN created_at + ordinal * pace WHEN closed THEN created_at + (ordinal - 1) * pace + interval '3 days' END AS left_at
  FROM made m CROSS JOIN generate_series(1, m.reached + m.again) AS ordinal
  JOIN (SELECT DISTINCT place, stage FROM given) AS s ON s.place = CASE WHEN ordinal > 2 THEN ordinal - again ELSE ordinal END
 ORDER BY position;

ANALYZE visit;

INSERT INTO genjin.person (workspace_id, id, name, workspace_role, active, version, created_at)
SELECT :workspace, md5('person ' || n)::uuid, 'person ' || n, 'member', true, 1, now() FROM generate_series(0, :people) n;

INSERT INTO genjin.stage_entry (workspace_id, project_id, ordinal, version, position, stage, template_key, template_version, number, entered_at, first_entered_at, created_at)
SELECT :workspace, id, ordinal, ordinal * 10, position, stage, 'pursuit.8', 1, number, entered_at, first_entered_at, created_at
  FROM visit ORDER BY position;

INSERT INTO genjin.stage_exit (workspace_id, project_id, ordinal, version, position, stage, template_key, template_version, left_at, left_by, passed, override_role, outcome, number, entered_at, first_entered_at, created_at, entered_template_key, entered_template_version)
SELECT :workspace, id, ordinal, ordinal * 10 + 9, position + :projects, stage, 'pursuit.8', 1, left_at, left_by, left_by = 'advance',
       CASE WHEN left_by = 'advance' AND (n + ordinal) % 17 = 0 THEN 'general_manager' END,
       CASE WHEN is_last THEN (ARRAY['won', 'lost', 'cancelled'])[1 + n % 3] END,
       number, entered_at, first_entered_at, created_at, 'pursuit.8', 1
  FROM visit WHERE left_at IS NOT NULL ORDER BY position;

INSERT INTO genjin.suspension (workspace_id, project_id, version, position, since, ended_at)
SELECT :workspace, id, 5 + ended, 3 * :projects + n, created_at + interval '1 day', CASE ended WHEN 1 THEN created_at + interval '3 days' END
  FROM made, generate_series(0, 1) AS ended WHERE n % 10 = 3;

INSERT INTO genjin.judgement (workspace_id, project_id, version, position, ordinal, stage, template_key, template_version, role, person_id, verdict, first_word, others, judged_at)
SELECT :workspace, id, ordinal * 10 + 1 + j, position, ordinal, stage, 'pursuit.8', 1,
       (ARRAY['marketer', 'dept_head', 'sales_manager', 'general_manager'])[1 + j], md5('person ' || (n + j * 31) % :people)::uuid,
       CASE WHEN (n + ordinal + j) % 7 = 0 THEN 'hold' ELSE 'advance' END, true,
       CASE j WHEN 0 THEN '' WHEN 1 THEN 'marketer=advance' ELSE 'dept_head=advance,marketer=advance' END, entered_at + interval '1 day'
  FROM visit, generate_series(0, 3) AS j WHERE left_at IS NOT NULL ORDER BY position;

CREATE TEMPORARY TABLE standing AS
SELECT v.id AS project_id, v.ordinal, v.position, half, v.stage,
       CASE WHEN v.left_at IS NOT NULL AND v.is_last AND half = 1 THEN 'closed' ELSE 'open' END AS status,
       'pursuit.8' AS template_key, 1 AS template_version, v.entered_at,
       CASE WHEN v.closed AND v.is_last AND half = 1 THEN (ARRAY['won', 'lost', 'cancelled'])[1 + n % 3] END AS outcome,
       'region ' || n % 12 AS region, 'department ' || n % 20 AS department, (ARRAY['CNY', 'CNY', 'EUR', NULL])[1 + n % 4] AS currency,
       CASE WHEN n % 4 < 3 THEN 1000.00 + n END AS expected_amount,
       ARRAY['dept_head', 'general_manager', 'marketer', 'sales_manager'] AS holder_roles,
       ARRAY[md5('person ' || (n + 31) % :people)::uuid, md5('person ' || (n + 93) % :people)::uuid, md5('person ' || n % :people)::uuid, md5('person ' || (n + 62) % :people)::uuid] AS holder_ids,
       g.given, g.judged, v.is_last AND half = 1 AS newest
  FROM visit v CROSS JOIN generate_series(0, 1) AS half
  JOIN given g ON g.place = v.place AND g.variant = (v.n * 7 + half) % :variants
 ORDER BY v.position + half * :projects;

INSERT INTO genjin.project_standing_past (workspace_id, project_id, version, position, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given, judged)
SELECT :workspace, project_id, ordinal * 10 + half, position + half * :projects, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given, judged FROM standing;

INSERT INTO genjin.project_standing (workspace_id, project_id, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given, judged)
SELECT :workspace, project_id, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given, judged FROM standing WHERE newest;

INSERT INTO genjin.project (workspace_id, id, code, name, template_key, template_version, status, stage, version, created_at, updated_at, body)
SELECT :workspace, m.id, 'XM-' || n, 'project', 'pursuit.8', 1, 'open', 'initiation', 1, created_at, created_at, '{}' FROM made m;

INSERT INTO genjin.follow_up (workspace_id, project_id, id, stage, role, owner_id, due_on, status, body)
SELECT :workspace, id, md5('follow-up ' || id)::uuid, 'initiation', 'marketer', md5('person ' || n % :people)::uuid, created_at::date + 30, CASE n % 2 WHEN 0 THEN 'open' ELSE 'completed' END, '{}' FROM made;

INSERT INTO genjin.follow_up_past (workspace_id, project_id, id, version, position, role, owner_id, due_on, status)
SELECT :workspace, id, md5('follow-up ' || id)::uuid, 3 + done, (3 + 4 * done)::bigint * :projects + n, 'marketer', md5('person ' || n % :people)::uuid, created_at::date + 30,
       CASE done WHEN 1 THEN 'completed' ELSE 'open' END
  FROM made, generate_series(0, 1) AS done WHERE done = 0 OR n % 2 = 1;

DROP TABLE made, visit, standing;
