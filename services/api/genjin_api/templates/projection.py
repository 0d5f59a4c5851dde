"""Own templates: they have no table; their streams are short, and their folds are kept in memory."""

from genjin_api.streams import StreamKind
from genjin_api.templates.state import evolve

TEMPLATE = StreamKind(
    noun="template",
    evolve=evolve,
    rows=lambda _before, _after: {},
    version=lambda template: template.version,
)

# The streams of a workspace's own templates in the order of their making: each begins with a draft.
STREAMS = """
SELECT stream FROM genjin.event
 WHERE workspace_id = $1 AND type = 'template.drafted' AND version = 1 ORDER BY position LIMIT $2
"""
