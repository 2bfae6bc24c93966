-- The yearly visit, written by hand for one database pass, as the measure that the engine is held to.
--
-- It reads the same tables as the engine (facts, containments, classes) and leaves `levels`, each
-- place with the places above it on the day, and `answer`, the state of every child.
-- DuckDB and PostgreSQL both run it. What it knows of the data, it uses: most children have one
-- enrolment, few facts are superseded, steps are kept so that the planner knows their sizes.

CREATE TEMP TABLE nearest AS
SELECT place_id, place_kind, ancestor_kind, ancestor_id FROM (
  SELECT place_id, place_kind, ancestor_kind, ancestor_id,
         ROW_NUMBER() OVER (
           PARTITION BY place_id, ancestor_kind
           ORDER BY CASE WHEN from_day <= {day} THEN {day} - from_day ELSE 4000000 + from_day END,
                    ancestor_id DESC) AS rank
  FROM containments
  WHERE ancestor_kind IN ('campus', 'school', 'community', 'town', 'district', 'city')
    AND place_kind IN ('class', 'campus', 'school', 'community', 'town', 'district', 'city')
    AND (place_id <> ancestor_id OR place_kind = 'city')
) ranked WHERE rank = 1;

CREATE TEMP TABLE parents AS
SELECT place_id, place_kind, NULLIF(COALESCE(
         MAX(CASE WHEN ancestor_kind = 'campus' THEN ancestor_id END),
         MAX(CASE WHEN ancestor_kind = 'school' THEN ancestor_id END),
         MAX(CASE WHEN ancestor_kind = 'community' THEN ancestor_id END),
         MAX(CASE WHEN ancestor_kind = 'town' THEN ancestor_id END),
         MAX(CASE WHEN ancestor_kind = 'district' THEN ancestor_id END),
         MAX(CASE WHEN ancestor_kind = 'city' THEN ancestor_id END)), place_id) AS parent_id
FROM nearest GROUP BY place_id, place_kind;

CREATE TEMP TABLE levels AS
WITH RECURSIVE climbed AS (
  SELECT place_id, place_id AS above_id, place_kind AS above_kind, parent_id AS next_id
  FROM parents
  UNION ALL
  SELECT c.place_id, p.place_id, p.place_kind, p.parent_id
  FROM climbed c JOIN parents p ON p.place_id = c.next_id
)
SELECT place_id,
       MAX(CASE WHEN above_kind = 'class' THEN above_id END) AS class_id,
       MAX(CASE WHEN above_kind = 'school' THEN above_id END) AS school_id,
       MAX(CASE WHEN above_kind = 'town' THEN above_id END) AS town_id,
       MAX(CASE WHEN above_kind = 'district' THEN above_id END) AS district_id,
       MAX(CASE WHEN above_kind = 'city' THEN above_id END) AS city_id
FROM climbed GROUP BY place_id;

CREATE TEMP TABLE replaced AS
SELECT supersedes_id AS seq FROM facts WHERE supersedes_id IS NOT NULL;

CREATE TEMP TABLE enrolled AS
SELECT f.seq, f.subject_id AS child_id, f.place_id, f.on_day,
       COALESCE(f.until_day, 4000000) AS until_day,
       f.status = 'admitted' AS admitted,
       COALESCE(c.school_year, 0) = {school_year} AS known
FROM facts f
LEFT JOIN classes c ON c.place_id = f.place_id
WHERE f.kind = 'enrolment' AND f.quantity > 0
  AND f.on_day < {until} AND (f.until_day IS NULL OR f.until_day > f.on_day)
  AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq)
  AND ((c.school_year = {school_year} AND c.stage IN ({stages}))
       OR (COALESCE(c.school_year, 0) < {school_year}
           AND COALESCE(f.until_day, 4000000) > {first}));

CREATE TEMP TABLE movers AS
SELECT child_id FROM enrolled GROUP BY child_id HAVING COUNT(*) > 1;

CREATE TEMP TABLE moved AS
SELECT e.*,
       LEAD(on_day) OVER w AS next_on,
       MIN(CASE WHEN known THEN on_day ELSE 4000000 END)
         OVER (PARTITION BY child_id
               ORDER BY on_day, CASE WHEN known THEN 1 ELSE 0 END, COALESCE(place_id, 0), seq
               ROWS UNBOUNDED PRECEDING) AS first_known
FROM enrolled e
WHERE child_id IN (SELECT child_id FROM movers)
WINDOW w AS (PARTITION BY child_id
             ORDER BY on_day, CASE WHEN known THEN 1 ELSE 0 END, COALESCE(place_id, 0), seq);

CREATE TEMP TABLE pieces AS
SELECT child_id, place_id, on_day, until_day, known, TRUE AS alone, on_day <= {day} AS here,
       CASE WHEN known AND admitted AND on_day > {admission} THEN {admission} ELSE on_day END
         AS visit_from
FROM enrolled e
WHERE NOT EXISTS (SELECT 1 FROM movers m WHERE m.child_id = e.child_id)
UNION ALL
SELECT child_id, place_id, on_day,
       CASE WHEN next_on < until_day THEN next_on ELSE until_day END, known, FALSE,
       on_day <= {day} AND (next_on IS NULL OR next_on > {day}),
       CASE WHEN known AND admitted AND first_known = on_day AND on_day > {admission}
            THEN {admission} ELSE on_day END
FROM moved
WHERE on_day < CASE WHEN next_on < until_day THEN next_on ELSE until_day END;

CREATE TEMP TABLE leave_facts AS
SELECT f.seq, f.subject_id AS child_id, f.on_day, COALESCE(f.until_day, 4000000) AS until_day
FROM facts f
WHERE f.kind = 'leave' AND f.quantity > 0 AND f.status IN ({leaves}) AND f.on_day < {until}
  AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq);

CREATE TEMP TABLE away AS
WITH cut AS (
  SELECT child_id, until_day,
         GREATEST(on_day, COALESCE(MAX(until_day) OVER (
           PARTITION BY child_id ORDER BY on_day, until_day
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS on_day
  FROM leave_facts
), days AS (
  SELECT p.child_id,
         SUM(LEAST(p.until_day, {until}, c.until_day) - GREATEST(p.on_day, {first}, c.on_day))
           AS leave_days
  FROM cut c JOIN pieces p ON p.child_id = c.child_id
  WHERE GREATEST(p.on_day, {first}, c.on_day) < LEAST(p.until_day, {until}, c.until_day)
  GROUP BY p.child_id
), now AS (
  SELECT child_id, MAX(seq) AS away_by FROM leave_facts
  WHERE on_day <= {day} AND until_day > {day} GROUP BY child_id
)
SELECT COALESCE(d.child_id, n.child_id) AS child_id, d.leave_days, n.away_by
FROM days d FULL JOIN now n ON n.child_id = d.child_id;

CREATE TEMP TABLE post_facts AS
SELECT f.place_id, f.actor_id, f.on_day, COALESCE(f.until_day, 4000000) AS until_day
FROM facts f
WHERE f.kind = 'post.held' AND f.quantity > 0 AND f.status IN ({roles})
  AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq);

CREATE TEMP TABLE posts AS
SELECT * FROM (
  SELECT place_id, actor_id, until_day,
         GREATEST(on_day, COALESCE(MAX(until_day) OVER (
           PARTITION BY place_id, actor_id ORDER BY on_day, until_day
           ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0)) AS on_day
  FROM post_facts WHERE place_id IS NOT NULL AND actor_id IS NOT NULL
) cut WHERE on_day < until_day;

CREATE TEMP TABLE staffed AS
SELECT DISTINCT place_id FROM post_facts
WHERE on_day <= {day} AND on_day < until_day AND place_id IS NOT NULL;

CREATE TEMP TABLE tried AS
SELECT f.subject_id AS child_id, f.on_day
FROM facts f
LEFT JOIN classes c ON c.place_id = f.place_id
WHERE f.kind = 'visit.attempted' AND f.quantity > 0 AND f.on_day BETWEEN {admission} AND {day}
  AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq)
  AND CASE WHEN f.on_day < {first} THEN COALESCE(c.school_year, 0) = {school_year}
           ELSE f.on_day < {next_admission} OR COALESCE(c.school_year, 0) <= {school_year} END;

CREATE TEMP TABLE declined AS
WITH acknowledged AS (
  SELECT f.subject_id AS child_id, MAX(f.on_day) AS on_day
  FROM facts f
  WHERE f.kind = 'visit.declined' AND f.quantity > 0 AND f.on_day <= {day}
    AND COALESCE(f.until_day, 4000000) > {day} AND COALESCE(f.until_day, 4000000) > {first}
    AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq)
  GROUP BY f.subject_id
)
SELECT a.child_id
FROM acknowledged a JOIN tried t ON t.child_id = a.child_id AND t.on_day <= a.on_day
GROUP BY a.child_id HAVING COUNT(*) >= {attempts};

CREATE TEMP TABLE visited AS
SELECT p.child_id,
       SUM(CASE WHEN h.actor_id IS NOT NULL AND v.at_home THEN 1 ELSE 0 END) AS visits,
       SUM(CASE WHEN h.actor_id IS NOT NULL AND v.at_home AND p.here THEN 1 ELSE 0 END) AS own,
       SUM(CASE WHEN h.actor_id IS NOT NULL AND NOT v.at_home THEN 1 ELSE 0 END) AS elsewhere,
       SUM(CASE WHEN h.actor_id IS NULL AND v.at_home THEN 1 ELSE 0 END) AS out_of_post
FROM (
  SELECT f.subject_id AS child_id, f.place_id, f.on_day, f.actor_id,
         f.detail IN ({settings}) AS at_home
  FROM facts f
  LEFT JOIN classes c ON c.place_id = f.place_id
  WHERE f.kind = 'visit.held' AND f.quantity > 0 AND f.status IN ({capacities})
    AND f.on_day BETWEEN {admission} AND {day}
    AND NOT EXISTS (SELECT 1 FROM replaced r WHERE r.seq = f.seq)
    AND CASE WHEN f.on_day < {first} THEN COALESCE(c.school_year, 0) = {school_year}
             ELSE f.on_day < {next_admission} OR COALESCE(c.school_year, 0) <= {school_year} END
) v
JOIN pieces p ON p.child_id = v.child_id AND v.on_day >= p.visit_from AND v.on_day < p.until_day
LEFT JOIN posts h ON h.place_id = p.place_id AND h.actor_id = v.actor_id
  AND v.on_day >= h.on_day AND v.on_day < h.until_day
WHERE (v.on_day >= p.on_day AND (p.known OR v.on_day >= {first}))
   OR (v.on_day < {first} AND v.on_day < p.on_day AND v.place_id = p.place_id)
GROUP BY p.child_id;

CREATE TEMP TABLE children AS
SELECT child_id, place_id, until_day, known,
       LEAST(until_day, {until}) - GREATEST(on_day, {first}) AS enrolled_days
FROM pieces WHERE alone AND here AND LEAST(until_day, {until}) > GREATEST(on_day, {first})
UNION ALL
SELECT child_id, MAX(CASE WHEN here THEN place_id END),
       MAX(CASE WHEN here THEN until_day END), MAX(CASE WHEN here AND known THEN 1 ELSE 0 END) = 1,
       SUM(GREATEST(LEAST(until_day, {until}) - GREATEST(on_day, {first}), 0))
FROM pieces WHERE NOT alone
GROUP BY child_id
HAVING MAX(CASE WHEN here THEN until_day END) IS NOT NULL
   AND SUM(GREATEST(LEAST(until_day, {until}) - GREATEST(on_day, {first}), 0)) > 0;

CREATE TEMP TABLE answer AS
SELECT k.child_id AS subject_id, k.place_id,
       CASE
         WHEN COALESCE(v.visits, 0) >= {threshold} THEN 'met'
         WHEN {day} < {first} THEN 'not_due'
         WHEN k.enrolled_days < {least} OR a.away_by IS NOT NULL
           OR k.enrolled_days - COALESCE(a.leave_days, 0) < {least} THEN 'exempt'
         WHEN d.child_id IS NOT NULL THEN 'declined'
         WHEN NOT k.known OR s.place_id IS NULL THEN 'unknown'
         WHEN {as_of} >= {until} THEN 'missed'
         WHEN k.until_day <= {day} THEN 'in_progress'
         WHEN {until} - {as_of} <= {at_risk} THEN 'at_risk'
         ELSE 'in_progress' END AS state,
       CASE
         WHEN COALESCE(v.visits, 0) >= {threshold} AND v.own > 0 THEN 'visited'
         WHEN COALESCE(v.visits, 0) >= {threshold} THEN 'visited_by_former_class'
         WHEN {day} < {first} THEN 'not_begun'
         WHEN k.enrolled_days < {least} THEN 'too_short'
         WHEN a.away_by IS NOT NULL THEN 'away_now'
         WHEN k.enrolled_days - COALESCE(a.leave_days, 0) < {least} THEN 'away_most_of_the_year'
         WHEN d.child_id IS NOT NULL THEN 'declined'
         WHEN NOT k.known THEN 'no_class'
         WHEN s.place_id IS NULL THEN 'no_teacher_recorded'
         WHEN k.until_day <= {day} THEN 'left'
         WHEN COALESCE(v.visits, 0) > 0 THEN 'visited_not_enough'
         WHEN COALESCE(v.out_of_post, 0) > 0 THEN 'visitor_not_in_post'
         WHEN COALESCE(v.elsewhere, 0) > 0 THEN 'visited_elsewhere'
         ELSE 'not_visited' END AS reason,
       COALESCE(v.visits, 0) AS tally
FROM children k
LEFT JOIN visited v ON v.child_id = k.child_id
LEFT JOIN away a ON a.child_id = k.child_id
LEFT JOIN declined d ON d.child_id = k.child_id
LEFT JOIN staffed s ON s.place_id = k.place_id;
