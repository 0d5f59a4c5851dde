"""The workspace row."""

from genjin_api.streams import Rows, StreamKind
from genjin_api.workspaces.state import Workspace, evolve


def rows(_before: Workspace | None, after: Workspace) -> Rows:
    return {
        "workspace": [
            {
                "name": after.name,
                "time_zone": after.time_zone,
                "version": after.version,
                "created_at": after.created_at,
            }
        ]
    }


WORKSPACE = StreamKind(
    noun="workspace", evolve=evolve, rows=rows, version=lambda workspace: workspace.version
)

ONE = "SELECT workspace_id AS id, name, time_zone, created_at FROM genjin.workspace WHERE workspace_id = $1"
