-- The figures of the page Insights, a second time and without any code of it: for whoever wants to check them.
-- One row for each dimension and value; times in milliseconds, cost in millionths of the currency, days in UTC.
-- Parameters: :first and :last day of the period ('2026-11-01'), :now ('2026-11-23 08:00:00.000000').
--   sqlite3 -header data/vouch.db ".param init" ".param set :first '2026-11-01'" ".param set :last '2026-11-22'" \
--     ".param set :now '2026-11-23 08:00:00.000000'" ".read eval/insights.sql"
-- tests/desk/test_measures.py holds the page's figures to this.
WITH
said AS (  -- every message with its place in the conversation and its moment in microseconds
  SELECT m.id, m.conversation, m.role, m.reply, m.created_at,
         strftime('%s', substr(m.created_at, 1, 19)) * 1000000 + CAST(substr(m.created_at, 21, 6) AS INTEGER) AS us
  FROM messages m JOIN conversations c ON c.id = m.conversation
  WHERE m.role <> 'notice' AND m.created_at <= :now AND c.created_at >= :first AND c.created_at <= :now
),
replied AS (  -- what the assistant said
  SELECT s.id, s.conversation, s.us, json_extract(s.reply, '$.decision.outcome') AS outcome,
         json_array_length(s.reply, '$.sentences') > 0 AND NOT EXISTS (
           SELECT 1 FROM json_each(s.reply, '$.sentences') AS each
           WHERE json_array_length(each.value, '$.citations') = 0
         ) AS cited,
         coalesce((
           SELECT CASE WHEN json_extract(one.value, '$.source') LIKE 'record:%'
                       THEN substr(json_extract(one.value, '$.source'), 1, instr(json_extract(one.value, '$.source') || '/', '/') - 1)
                       ELSE json_extract(one.value, '$.title') END
           FROM json_each(s.reply, '$.sentences') AS each, json_each(each.value, '$.citations') AS one
           ORDER BY each.key, one.key LIMIT 1
         ), '') AS topic,
         coalesce(f.value, 0) AS rating,
         CAST(coalesce(json_extract(s.reply, '$.usage.cost'), 0) * 1000000 + 0.5 AS INTEGER) AS cost
  FROM said s LEFT JOIN feedback f ON f.message = s.id
  WHERE s.role = 'assistant'
),
substantial AS (
  SELECT *, lag(us) OVER before AS us_before, lag(topic) OVER before AS topic_before,
         row_number() OVER (PARTITION BY conversation ORDER BY id DESC) AS from_last
  FROM replied WHERE outcome <> 'small_talk'
  WINDOW before AS (PARTITION BY conversation ORDER BY id)
),
waited AS (
  SELECT t.number, t.conversation, t.opened_at, t.promised_at,
         (SELECT min(at) FROM transitions WHERE ticket = t.number AND kind = 'claimed' AND at <= :now) AS claimed_at,
         (SELECT min(at) FROM transitions WHERE ticket = t.number AND kind = 'withdrawn' AND at <= :now) AS withdrawn_at
  FROM tickets t WHERE t.opened_at <= :now
),
ended AS (
  SELECT conversation, role, us FROM (
    SELECT *, row_number() OVER (PARTITION BY conversation ORDER BY id DESC) AS from_last FROM said
  ) WHERE from_last = 1
),
talk AS (
  SELECT c.id, c.visitor, c.language, date(c.created_at) AS day, c.created_at,
         CASE WHEN c.customer IS NULL THEN 'guest' WHEN coalesce(p.tier, '') = '' THEN 'customer' ELSE p.tier END AS segment,
         strftime('%s', substr(c.created_at, 1, 19)) * 1000000 + CAST(substr(c.created_at, 21, 6) AS INTEGER) AS us,
         coalesce((SELECT topic FROM replied WHERE conversation = c.id AND topic <> '' ORDER BY id DESC LIMIT 1), '') AS topic,
         e.us AS ended, e.role = 'customer' AS unanswered_last,
         EXISTS (SELECT 1 FROM waited WHERE conversation = c.id) AS transferred,
         EXISTS (SELECT 1 FROM substantial WHERE conversation = c.id) AS treated,
         coalesce(l.outcome = 'answer' AND l.cited AND l.rating >= 0, 0) AS answered_well,
         v.score
  FROM conversations c
  JOIN ended e ON e.conversation = c.id
  LEFT JOIN substantial l ON l.conversation = c.id AND l.from_last = 1
  LEFT JOIN customers p ON p.id = c.customer
  LEFT JOIN surveys v ON v.conversation = c.id
  WHERE EXISTS (SELECT 1 FROM said WHERE conversation = c.id AND role = 'customer')
),
judged AS (
  SELECT *, transferred OR unanswered_last OR treated AS asking,
         answered_well AND NOT transferred AND NOT unanswered_last AS verified,
         strftime('%s', substr(:now, 1, 19)) * 1000000 + CAST(substr(:now, 21, 6) AS INTEGER) - ended >= 259200000000 AS known
  FROM talk
),
lasting AS (
  SELECT j.id FROM judged j
  WHERE j.verified AND j.known
    AND NOT EXISTS (
      SELECT 1 FROM judged o WHERE o.visitor = j.visitor AND o.asking AND o.topic IN ('', j.topic)
        AND o.us > j.us AND o.us <= j.ended + 259200000000
    )
    AND NOT EXISTS (
      SELECT 1 FROM substantial s WHERE s.conversation = j.id AND s.us - s.us_before > 3600000000
        AND s.us - s.us_before <= 259200000000 AND s.topic IN ('', s.topic_before)
    )
),
chosen AS (SELECT * FROM judged WHERE created_at < date(:last, '+1 day')),
member AS (
  SELECT 'all' AS dimension, '' AS value, id FROM chosen
  UNION ALL SELECT 'day', day, id FROM chosen
  UNION ALL SELECT 'segment', segment, id FROM chosen
  UNION ALL SELECT 'topic', topic, id FROM chosen
  UNION ALL SELECT 'language', language, id FROM chosen
),
counted AS (
  SELECT dimension, value, count(*) AS conversations, sum(asking) AS asking, sum(asking AND verified) AS verified,
         sum(asking AND verified AND known) AS lasting_known, sum(c.id IN (SELECT id FROM lasting)) AS lasting,
         sum(transferred) AS transferred, count(score) AS surveys, sum(coalesce(score, 0) >= 4) AS satisfied,
         coalesce(sum(score), 0) AS score_sum
  FROM member m JOIN chosen c ON c.id = m.id GROUP BY dimension, value
),
spoken AS (
  SELECT dimension, value, sum(outcome = 'answer') AS answered, sum(outcome = 'decline') AS unanswered, sum(cost) AS cost
  FROM member m JOIN replied r ON r.conversation = m.id GROUP BY dimension, value
),
responded AS (
  SELECT a.conversation, (b.us - a.us) / 1000 AS ms
  FROM said a JOIN said b ON b.id = (
    SELECT min(n.id) FROM messages n
    WHERE n.conversation = a.conversation AND n.id > a.id AND n.role IN ('assistant', 'agent') AND n.created_at <= :now
  )
  WHERE a.role = 'customer' AND b.role = 'assistant'
),
claimed AS (
  SELECT conversation,
         (strftime('%s', substr(claimed_at, 1, 19)) * 1000000 + CAST(substr(claimed_at, 21, 6) AS INTEGER)
          - strftime('%s', substr(opened_at, 1, 19)) * 1000000 - CAST(substr(opened_at, 21, 6) AS INTEGER)) / 1000 AS ms
  FROM waited WHERE claimed_at IS NOT NULL
),
timed AS (SELECT 'response' AS what, * FROM responded UNION ALL SELECT 'wait', * FROM claimed),
ranked AS (
  SELECT what, dimension, value, ms, row_number() OVER (PARTITION BY what, dimension, value ORDER BY ms) AS place,
         count(*) OVER (PARTITION BY what, dimension, value) AS n
  FROM member m JOIN timed t ON t.conversation = m.id
),
percentile AS (
  SELECT what, dimension, value, max(n) AS n, max(CASE WHEN place = (n * 50 + 99) / 100 THEN ms END) AS median,
         max(CASE WHEN place = (n * 95 + 99) / 100 THEN ms END) AS p95
  FROM ranked GROUP BY what, dimension, value
),
promised AS (
  SELECT dimension, value, count(*) AS promises, sum(claimed_at IS NOT NULL AND claimed_at <= promised_at) AS promises_kept
  FROM member m JOIN waited w ON w.conversation = m.id
  WHERE promised_at IS NOT NULL AND (claimed_at IS NOT NULL OR coalesce(withdrawn_at, :now) > promised_at)
  GROUP BY dimension, value
)
SELECT c.dimension, c.value, c.conversations, c.asking, c.verified, c.lasting_known, c.lasting, c.transferred,
       coalesce(s.answered, 0) AS answered, coalesce(s.unanswered, 0) AS unanswered,
       coalesce(r.n, 0) AS responses, r.median AS response_median, r.p95 AS response_p95,
       coalesce(w.n, 0) AS waits, w.median AS wait_median, w.p95 AS wait_p95,
       coalesce(p.promises, 0) AS promises, coalesce(p.promises_kept, 0) AS promises_kept,
       c.surveys, c.satisfied, c.score_sum, coalesce(s.cost, 0) AS cost
FROM counted c
LEFT JOIN spoken s USING (dimension, value)
LEFT JOIN percentile r ON r.what = 'response' AND r.dimension = c.dimension AND r.value = c.value
LEFT JOIN percentile w ON w.what = 'wait' AND w.dimension = c.dimension AND w.value = c.value
LEFT JOIN promised p USING (dimension, value)
ORDER BY c.dimension, c.value;
