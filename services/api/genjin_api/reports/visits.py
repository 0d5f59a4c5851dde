"""SQL on the visits of projects to stages: e is a row of genjin.stage_entry, x of genjin.stage_exit once it was left.

Most stages are visited once, and what a report counts of them follows from one row. Where a project came again, all its
visits are put together first. The two are counted apart, for putting half a million rows together takes seconds.
"""

VISITS = """
    genjin.stage_entry e
      LEFT JOIN genjin.stage_exit x ON x.workspace_id = e.workspace_id AND x.project_id = e.project_id
                                   AND x.ordinal = e.ordinal AND x.position <= :position
"""

_AGAIN = """
    SELECT FROM genjin.stage_entry again
     WHERE again.workspace_id = :workspace AND again.project_id = e.project_id AND again.stage = e.stage
       AND again.number > 1 AND again.position <= :position
"""
VISITED_ONCE = f"e.number = 1 AND NOT EXISTS ({_AGAIN})"
VISITED_AGAIN = f"EXISTS ({_AGAIN})"
