"""SQL on the visits of projects to stages: rows of genjin.stage_entry, and x of genjin.stage_exit, which tell of the
entry too, so that none has to be looked up.

Most stages are visited once, and what a report counts of them follows from one row. Where a project came again, all its
visits are put together first. The two are counted apart. Who is in a stage still is told by nobody: they are those that
entered it less those that are found to have left.
"""

# As a table again: the stages that projects came to again, each with the number of its last visit.
AGAIN = """
again AS MATERIALIZED (
    SELECT project_id, stage, max(number) AS last FROM genjin.stage_entry
     WHERE workspace_id = :workspace AND number > 1 AND position <= :position GROUP BY project_id, stage)
"""
# As NOT IN the few are hashed; of a join Postgres would hash the many.
VISITED_ONCE = "(x.project_id, x.stage) NOT IN (SELECT project_id, stage FROM again)"
# Their exits x, each by a look into the key.
EXITS_OF_AGAIN = """
again CROSS JOIN LATERAL (
    SELECT * FROM genjin.stage_exit e
     WHERE e.workspace_id = :workspace AND e.project_id = again.project_id AND e.stage = again.stage OFFSET 0) AS x
"""

# Keeps a subquery whole: what it works out is worked out once. In one piece Postgres takes an expression to have
# as many values as the columns in it, nearly one for each row, and would sort all rows to group them.
FENCE = "OFFSET 0"
