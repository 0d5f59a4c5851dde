-- The projects: number n begins n * 7 minutes after the first and has come to its stage number reached.
CREATE TEMPORARY TABLE made AS
SELECT n, md5(:workspace || ' project ' || n)::uuid AS id, 1 + n % 8 AS reached, n % 5 = 0 AS closed,
       timestamptz '2024-12-01 08:00+08' + n * interval '7 minutes' AS created_at, (5 + n % 23) * interval '1 day' AS pace
  FROM generate_series(1, :projects) AS n;

-- Their visits, one after the other. A position is as much later as the visit is.
CREATE TEMPORARY TABLE visit AS
SELECT m.*, s.place, created_at + (s.place - 1) * pace AS entered_at, (2 * s.place)::bigint * :projects + n AS position,
       CASE WHEN s.place < reached THEN created_at + s.place * pace WHEN closed THEN created_at + (s.place - 1) * pace + interval '3 days' END AS left_at,
       s.stage
  FROM made m JOIN (SELECT DISTINCT place, stage FROM given) AS s ON s.place <= m.reached;

ANALYZE visit;

INSERT INTO genjin.person (workspace_id, id, name, workspace_role, active, version, created_at)
SELECT :workspace, md5('person ' || n)::uuid, 'person ' || n, 'member', true, 1, now() FROM generate_series(0, :people) n;

INSERT INTO genjin.stage_entry (workspace_id, project_id, ordinal, version, position, stage, template_key, template_version, number, entered_at, first_entered_at, created_at)
SELECT :workspace, id, place, place * 10, position, stage, 'pursuit.8', 1, 1, entered_at, entered_at, created_at FROM visit;

INSERT INTO genjin.stage_exit (workspace_id, project_id, ordinal, version, position, stage, template_key, template_version, left_at, left_by, passed, override_role, outcome)
SELECT :workspace, id, place, place * 10 + 9, position + :projects, stage, 'pursuit.8', 1, left_at,
       CASE WHEN place < reached THEN 'advance' ELSE 'closing' END, place < reached,
       CASE WHEN place < reached AND (n + place) % 17 = 0 THEN 'general_manager' END,
       CASE WHEN place = reached THEN (ARRAY['won', 'lost', 'cancelled'])[1 + n % 3] END
  FROM visit WHERE left_at IS NOT NULL;

INSERT INTO genjin.suspension (workspace_id, project_id, version, position, since, ended_at)
SELECT :workspace, id, 5 + ended, 3 * :projects + n, created_at + interval '1 day', CASE ended WHEN 1 THEN created_at + interval '3 days' END
  FROM made, generate_series(0, 1) AS ended WHERE n % 10 = 3;

INSERT INTO genjin.judgement (workspace_id, project_id, version, position, ordinal, stage, template_key, template_version, role, person_id, verdict, first_word, others, judged_at)
SELECT :workspace, id, place * 10 + 1 + j, position, place, stage, 'pursuit.8', 1,
       (ARRAY['marketer', 'dept_head', 'sales_manager', 'general_manager'])[1 + j], md5('person ' || (n + j * 31) % :people)::uuid,
       CASE WHEN (n + place + j) % 7 = 0 THEN 'hold' ELSE 'advance' END, true,
       CASE j WHEN 0 THEN '' WHEN 1 THEN 'marketer=advance' ELSE 'dept_head=advance,marketer=advance' END, entered_at + interval '1 day'
  FROM visit, generate_series(0, 3) AS j WHERE left_at IS NOT NULL;

CREATE TEMPORARY TABLE standing AS
SELECT v.id AS project_id, v.place AS ordinal, v.position, half, v.stage,
       CASE WHEN v.left_at IS NOT NULL AND v.place = v.reached AND half = 1 THEN 'closed' ELSE 'open' END AS status,
       'pursuit.8' AS template_key, 1 AS template_version, v.entered_at,
       CASE WHEN v.closed AND v.place = v.reached AND half = 1 THEN (ARRAY['won', 'lost', 'cancelled'])[1 + n % 3] END AS outcome,
       'region ' || n % 12 AS region, 'department ' || n % 20 AS department, (ARRAY['CNY', 'CNY', 'EUR', NULL])[1 + n % 4] AS currency,
       CASE WHEN n % 4 < 3 THEN 1000.00 + n END AS expected_amount,
       ARRAY['dept_head', 'general_manager', 'marketer', 'sales_manager'] AS holder_roles,
       ARRAY[md5('person ' || (n + 31) % :people)::uuid, md5('person ' || (n + 93) % :people)::uuid, md5('person ' || n % :people)::uuid, md5('person ' || (n + 62) % :people)::uuid] AS holder_ids,
       g.given, v.place = v.reached AND half = 1 AS newest
  FROM visit v CROSS JOIN generate_series(0, 1) AS half
  JOIN given g ON g.place = v.place AND g.variant = (v.n * 7 + half) % 200;

INSERT INTO genjin.project_standing_past (workspace_id, project_id, version, position, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given)
SELECT :workspace, project_id, ordinal * 10 + half, position + half * :projects, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given FROM standing;

INSERT INTO genjin.project_standing (workspace_id, project_id, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given)
SELECT :workspace, project_id, ordinal, stage, status, template_key, template_version, entered_at, outcome, region, department, currency, expected_amount, holder_roles, holder_ids, given FROM standing WHERE newest;

INSERT INTO genjin.project (workspace_id, id, code, name, template_key, template_version, status, stage, version, created_at, updated_at, body)
SELECT :workspace, m.id, 'XM-' || n, 'project', 'pursuit.8', 1, 'open', 'initiation', 1, created_at, created_at, '{}' FROM made m;

INSERT INTO genjin.follow_up (workspace_id, project_id, id, stage, role, owner_id, due_on, status, body)
SELECT :workspace, id, md5('follow-up ' || id)::uuid, 'initiation', 'marketer', md5('person ' || n % :people)::uuid, created_at::date + 30, CASE n % 2 WHEN 0 THEN 'open' ELSE 'completed' END, '{}' FROM made;

INSERT INTO genjin.follow_up_past (workspace_id, project_id, id, version, position, role, owner_id, due_on, status)
SELECT :workspace, id, md5('follow-up ' || id)::uuid, 3 + done, (3 + 4 * done)::bigint * :projects + n, 'marketer', md5('person ' || n % :people)::uuid, created_at::date + 30,
       CASE done WHEN 1 THEN 'completed' ELSE 'open' END
  FROM made, generate_series(0, 1) AS done WHERE done = 0 OR n % 2 = 1;

DROP TABLE made, visit, standing;
